import type { Doc } from '../values/bson.ts';
import type { Collection } from '../storage/collection.ts';
import { ServerError, unsupported } from '../errors.ts';
import { find, matcher, type Find, type Stats } from '../query/query.ts';
import { plan, type Plan } from '../query/planner.ts';
import { AFTER_ALL } from '../storage/sorted-list.ts';
import { plannedPrefix } from './aggregate.ts';
import { arrayFieldOf, collationOf, docOf, names, type Command, type Context } from './command.ts';
import { VERSION } from './diagnostics.ts';
import { findQuery } from './read.ts';

/** The stages of a plan, from the last to the first, as `winningPlan` shows them. */
function stages(chosen: Plan, query: Find, projection: Doc | undefined, top?: string): Doc {
  const direction = chosen.backwards ? 'backward' : 'forward';
  const scans = chosen.scans.map(({ index, spans }) => ({
    stage: 'IXSCAN',
    keyPattern: index.spec.key,
    indexName: index.spec.name,
    isMultiKey: index.isMultikey,
    multiKeyPaths: Object.fromEntries(
      index.paths.map((path, at) => [path, index.multikey[at] ? [path] : []]),
    ),
    isUnique: index.spec.unique ?? false,
    isSparse: index.spec.sparse ?? false,
    isPartial: index.spec.partialFilterExpression !== undefined,
    indexVersion: 2,
    direction,
    bounded: spans.some(([from, to]) => from !== '' || to !== AFTER_ALL),
    ranges: spans.length,
  }));
  const [scan] = scans;
  const hasFilter = Object.keys(query.filter).length > 0;
  let node: Doc;
  if (!scan)
    node = { stage: 'COLLSCAN', ...(hasFilter ? { filter: query.filter } : {}), direction };
  else {
    const inputStage: Doc = scans.length === 1 ? scan : { stage: 'OR', inputStages: scans };
    if (top === 'COUNT' && chosen.exact)
      return { stage: 'COUNT', inputStage: { ...scan, stage: 'COUNT_SCAN' } };
    node = {
      stage: 'FETCH',
      ...(chosen.exact || !hasFilter ? {} : { filter: query.filter }),
      inputStage,
    };
  }
  const wrap = (stage: string, more: Doc = {}) => (node = { stage, ...more, inputStage: node });
  if (query.sort && Object.keys(query.sort).length > 0 && !chosen.sorted) {
    wrap('SORT', {
      sortPattern: query.sort,
      memLimit: 104_857_600,
      type: 'simple',
      ...(query.limit ? { limitAmount: (query.skip ?? 0) + query.limit } : {}),
    });
  }
  if (query.skip) wrap('SKIP', { skipAmount: query.skip });
  if (projection && Object.keys(projection).length > 0)
    wrap('PROJECTION_DEFAULT', { transformBy: projection });
  if (query.limit) wrap('LIMIT', { limitAmount: query.limit });
  if (top) wrap(top);
  return node;
}

function executed(collection: Collection, query: Find, context: Context, node: Doc): Doc {
  const stats: Stats = { keys: 0, documents: 0 };
  const start = process.hrtime.bigint();
  let nReturned = 0;
  for (const _ of find(collection, query, context.txn, stats)) nReturned++;
  const executionTimeMillis = Number((process.hrtime.bigint() - start) / 1_000_000n);
  return {
    executionSuccess: true,
    nReturned,
    executionTimeMillis,
    totalKeysExamined: stats.keys,
    totalDocsExamined: stats.documents,
    executionStages: {
      ...node,
      nReturned,
      keysExamined: stats.keys,
      docsExamined: stats.documents,
    },
  };
}

/** The answer of `explain` for one query. */
function explained(
  context: Context,
  name: string,
  query: Find,
  projection: Doc | undefined,
  top?: string,
): Doc {
  const { engine, db, txn, command } = context;
  const collection = engine.store.find(db, name, txn);
  const namespace = `${db}.${name}`;
  if (collection?.options.viewOn !== undefined) throw unsupported("Command 'explain' on a view");
  const node = collection
    ? stages(plan(collection, query, txn), query, projection, top)
    : { stage: 'EOF' };
  const verbosity = command['verbosity'] ?? 'queryPlanner';
  if (collection) matcher(collection, query);
  return {
    explainVersion: '1',
    queryPlanner: {
      namespace,
      parsedQuery: query.filter,
      indexFilterSet: false,
      winningPlan: node,
      rejectedPlans: [],
    },
    ...(verbosity !== 'queryPlanner' && collection
      ? { executionStats: executed(collection, query, context, node) }
      : {}),
    command: { [context.name]: name },
    serverInfo: { host: engine.address, version: VERSION, gitVersion: 'embedded-dev' },
    serverParameters: {},
  };
}

/** Explains a pipeline: the part that the planner answers, then the stages by name. */
export function explainAggregate(context: Context): Doc {
  const name = String(context.command['aggregate']);
  const collection = context.engine.store.find(context.db, name, context.txn);
  const base: Find = {
    filter: {},
    hint: context.command['hint'],
    collation: collationOf(context.command['collation'], collection),
    let: docOf(context, 'let'),
  };
  const { query, rest } = plannedPrefix((arrayFieldOf(context, 'pipeline') ?? []) as Doc[], base);
  const answer = explained(context, name, query, undefined);
  if (rest.length === 0) return answer;
  const { queryPlanner, executionStats, ...around } = answer;
  const cursor = { queryPlanner, ...(executionStats ? { executionStats } : {}) };
  return { ...around, stages: [{ $cursor: cursor }, ...rest] };
}

function queryOfWrite(context: Context, statement: Doc, multi: boolean): Find {
  const name = String(context.command[context.name]);
  const collection = context.engine.store.find(context.db, name, context.txn);
  return {
    filter: (statement['q'] ?? statement['query'] ?? {}) as Doc,
    sort: statement['sort'] as Doc | undefined,
    hint: statement['hint'],
    collation: collationOf(statement['collation'], collection),
    limit: multi ? 0 : 1,
  };
}

const explain: Command = {
  fields: names('verbosity'),
  run(context) {
    const inner = docOf(context, 'explain');
    if (!inner) throw new ServerError(14, "BSON field 'explain.explain' must be an object");
    const name = Object.keys(inner)[0] ?? '';
    const verbosity = context.command['verbosity'] ?? 'allPlansExecution';
    const asked: Context = { ...context, name, command: { ...inner, verbosity } };
    const coll = String(inner[name]);
    const collection = context.engine.store.find(context.db, coll, context.txn);
    switch (name) {
      case 'find':
        return explained(asked, coll, findQuery(asked, collection), docOf(asked, 'projection'));
      case 'count':
      case 'distinct': {
        const query = queryOfWrite(asked, inner, true);
        return explained(asked, coll, query, undefined, name === 'count' ? 'COUNT' : undefined);
      }
      case 'aggregate':
        return explainAggregate(asked);
      case 'update':
      case 'delete': {
        const [statement = {}] = (inner[`${name}s`] ?? []) as Doc[];
        const multi =
          name === 'update' ? Boolean(statement['multi']) : Number(statement['limit']) === 0;
        return explained(
          asked,
          coll,
          queryOfWrite(asked, statement, multi),
          undefined,
          name.toUpperCase(),
        );
      }
      case 'findAndModify':
        return explained(asked, coll, queryOfWrite(asked, inner, false), undefined, 'UPDATE');
      default:
        throw unsupported(`Command 'explain' of '${name}'`);
    }
  },
};

export const explainCommands: Record<string, Command> = { explain };
