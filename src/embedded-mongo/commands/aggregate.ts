import type { Doc } from '../values/bson.ts';
import { openChangeStream } from '../changes/streams.ts';
import { sameCollation, type Collation } from '../values/collation.ts';
import type { Collection } from '../storage/collection.ts';
import { runPipeline, type PipelineEnv, type Source } from '../aggregate/aggregate.ts';
import { ServerError, failedToParse, unsupported } from '../errors.ts';
import { fieldPicker } from '../values/pick-fields.ts';
import { pipelineFields } from '../query/fields.ts';
import { checkTextScore } from '../query/text.ts';
import { count, find, type Find } from '../query/query.ts';
import { encoded } from '../values/raw.ts';
import { isDoc, isNumber } from '../values/values.ts';
import { writeResults } from './aggregate-writes.ts';
import { explainAggregate } from './explain.ts';
import {
  arrayFieldOf,
  collationOf,
  docOf,
  flagOf,
  names,
  type Command,
  type Context,
} from './command.ts';
import { collectionStats, currentOperations } from './diagnostics.ts';
import { firstBatch } from './read.ts';

const MAX_VIEW_DEPTH = 20;

/** Name and operand of a stage. @throws ServerError 40323 when it is not one field */
function stageOf(stage: Doc): [name: string, operand: unknown] {
  const entries = isDoc(stage) ? Object.entries(stage) : [];
  const [first] = entries;
  if (!first || entries.length !== 1) {
    throw new ServerError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  return first;
}

/** The part of a pipeline that the planner answers, and the stages that are left. */
interface Planned {
  query: Find;
  rest: Doc[];
}

/** Takes `$match`, `$sort`, `$skip` and `$limit` off the front of a pipeline as one query. */
export function plannedPrefix(pipeline: readonly Doc[], base: Find): Planned {
  const query: Find = { ...base };
  const filters: Doc[] = [];
  let at = 0;
  for (; at < pipeline.length; at++) {
    const [name, operand] = stageOf(pipeline[at] ?? {});
    const untouched =
      query.sort === undefined && query.skip === undefined && query.limit === undefined;
    if (name === '$match' && untouched && isDoc(operand)) filters.push(operand);
    else if (name === '$sort' && untouched && isDoc(operand) && isPlainSort(operand))
      query.sort = operand;
    else if (
      name === '$skip' &&
      query.skip === undefined &&
      query.limit === undefined &&
      isCount(operand)
    ) {
      query.skip = Number(operand);
    } else if (
      name === '$limit' &&
      query.limit === undefined &&
      isCount(operand) &&
      Number(operand) > 0
    ) {
      query.limit = Number(operand);
    } else break;
  }
  query.filter =
    filters.length === 1 ? (filters[0] ?? {}) : filters.length > 1 ? { $and: filters } : {};
  return { query, rest: pipeline.slice(at) };
}

function isPlainSort(sort: Doc): boolean {
  const ways = Object.values(sort);
  return ways.length > 0 && ways.every((way) => isNumber(way) && Math.abs(Number(way)) === 1);
}

function isCount(value: unknown): boolean {
  return isNumber(value) && Number.isInteger(Number(value)) && Number(value) >= 0;
}

/** Everything that runs pipelines for one command. */
export class Aggregation {
  readonly context: Context;
  readonly collation: Collation | undefined;
  private readonly now = new Date();

  constructor(context: Context, collation: Collation | undefined) {
    this.context = context;
    this.collation = collation;
  }

  /** The documents that a pipeline makes of a collection, view or nothing. */
  run(
    db: string,
    name: string,
    pipeline: readonly Doc[],
    { hint, depth = 0, views = 0 }: { hint?: unknown; depth?: number; views?: number } = {},
  ): Iterable<Doc> {
    const { engine, txn } = this.context;
    const collection = engine.store.find(db, name, txn);
    const { viewOn } = collection?.options ?? {};
    if (collection && viewOn !== undefined) {
      if (views >= MAX_VIEW_DEPTH) {
        throw new ServerError(165, `View depth limit exceeded; maximum depth is ${MAX_VIEW_DEPTH}`);
      }
      if (!sameCollation(collection.collation, this.collation)) {
        throw new ServerError(
          167,
          `Cannot override a view's default collation: ${collection.namespace}`,
        );
      }
      const stages = [...(collection.options.pipeline ?? []), ...pipeline];
      return this.run(db, viewOn, stages, { depth, views: views + 1 });
    }
    const base: Find = {
      filter: {},
      hint,
      collation: this.collation,
      let: docOf(this.context, 'let'),
    };
    const { query, rest } = plannedPrefix(pipeline, base);
    checkTextScore(query.filter, rest);
    const counted = countOnly(rest);
    if (counted) {
      const n = count(collection, query, txn);
      return n === 0 ? [] : [{ _id: counted.id, [counted.field]: n }];
    }
    const source = this.documents(collection, query, rest);
    return rest.length === 0 ? source : runPipeline(source, rest, this.env(db, depth));
  }

  /** Runs stages over documents that come from elsewhere. */
  over(db: string, source: Iterable<Doc>, pipeline: readonly Doc[]): Iterable<Doc> {
    return runPipeline(source, [...pipeline], this.env(db));
  }

  private *documents(
    collection: Collection | undefined,
    query: Find,
    rest: readonly Doc[],
  ): Generator<Doc> {
    const scored = query.filter['$text'] !== undefined;
    const read = pipelineFields(rest);
    const pick = fieldPicker(read && new Set(read));
    for (const { version, doc } of find(collection, query, this.context.txn)) {
      yield scored ? doc : pick(version.bytes as Buffer);
    }
  }

  private env(db: string, depth = 0): PipelineEnv {
    const at = (name: Source): [string, string] =>
      typeof name === 'string' ? [db, name] : [name.db, name.coll];
    return {
      collection: (name, inside) => this.run(...at(name), [], { depth: inside }),
      find: (name, filter, inside) =>
        this.run(...at(name), [{ $match: filter }], { depth: inside }),
      let: docOf(this.context, 'let'),
      collation: this.collation,
      now: this.now,
      depth,
    };
  }
}

/** The `$group` that `countDocuments` sends: one group that counts. */
function countOnly(rest: readonly Doc[]): { id: unknown; field: string } | undefined {
  const [stage] = rest;
  const group = rest.length === 1 ? stage?.['$group'] : undefined;
  if (!isDoc(group)) return undefined;
  const [field, extra] = Object.keys(group).filter((name) => name !== '_id');
  const sum = field === undefined ? undefined : group[field];
  const constant = group['_id'] === null || isNumber(group['_id']);
  if (field === undefined || /[.$]/.test(field) || extra !== undefined || !constant || !isDoc(sum))
    return undefined;
  return Object.keys(sum).length === 1 && sum['$sum'] === 1
    ? { id: group['_id'], field }
    : undefined;
}

/** Documents of the stages that do not read a collection; undefined for an ordinary pipeline. */
function specialSource(
  context: Context,
  head: string,
  operand: unknown,
  name: string,
): Doc[] | undefined {
  const collection = context.engine.store.find(context.db, name, context.txn);
  switch (head) {
    case '$currentOp':
      return currentOperations(context);
    case '$listLocalSessions':
    case '$listSessions':
      return [...context.engine.sessions.all.values()].map(({ lsid, lastUse }) => ({
        _id: lsid,
        lastUse: new Date(lastUse),
      }));
    case '$listSearchIndexes':
      throw new ServerError(
        31082,
        `${head} needs Atlas Search, which is not supported by the embedded development server`,
      );
    case '$indexStats':
      return [...(collection?.indexes.values() ?? [])].map((index) => ({
        name: index.spec.name,
        key: index.spec.key,
        host: context.engine.address,
        accesses: { ops: index.uses, since: index.since },
        spec: index.spec,
      }));
    case '$collStats': {
      if (!collection) throw new ServerError(26, `Collection [${context.db}.${name}] not found.`);
      const asked = operand as Doc;
      for (const option of Object.keys(asked)) {
        if (!['storageStats', 'count'].includes(option)) throw unsupported(`$collStats ${option}`);
      }
      const stats: Doc = {
        ns: collection.namespace,
        host: context.engine.address,
        localTime: new Date(),
      };
      if ('storageStats' in asked) stats['storageStats'] = collectionStats(collection);
      if ('count' in asked) stats['count'] = collection.count;
      return [stats];
    }
    default:
      return undefined;
  }
}

function namespaceOf(context: Context): string {
  const name = context.command['aggregate'];
  if (typeof name === 'string') return name;
  if (Number(name) !== 1)
    throw failedToParse(
      "Invalid command format: the 'aggregate' field must specify a collection name or 1",
    );
  return '$cmd.aggregate';
}

export function* encodedRows(documents: Iterable<Doc>): Generator<Buffer> {
  for (const doc of documents) yield encoded(doc);
}

const aggregate: Command = {
  fields: names(
    'pipeline cursor explain allowDiskUse hint collation let bypassDocumentValidation batchSize',
  ),
  inTransaction: true,
  writes: true,
  async run(context) {
    const name = namespaceOf(context);
    const pipeline = (arrayFieldOf(context, 'pipeline') ?? []) as Doc[];
    if (flagOf(context, 'explain')) return explainAggregate(context);
    const cursor = docOf(context, 'cursor');
    if (!cursor)
      throw failedToParse(
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    const size = cursor['batchSize'];
    const batchSize = size === undefined ? undefined : Number(size);
    const [head, operand] = pipeline[0] ? stageOf(pipeline[0]) : ['', undefined];
    if (head === '$changeStream') return openChangeStream(context, name, pipeline, batchSize);
    const collection = context.engine.store.find(context.db, name, context.txn);
    const work = new Aggregation(context, collationOf(context.command['collation'], collection));
    const [tail, target] = pipeline.length > 0 ? stageOf(pipeline.at(-1) ?? {}) : ['', undefined];
    const isWrite = tail === '$out' || tail === '$merge';
    const stages = isWrite ? pipeline.slice(0, -1) : pipeline;
    checkStages(stages, name);
    if (
      isWrite &&
      (context.command['readConcern'] as Doc | undefined)?.['level'] === 'linearizable'
    ) {
      throw new ServerError(72, `${tail} cannot be used with a 'linearizable' read concern`);
    }
    const special = specialSource(context, head, operand, name);
    const rows = () =>
      special
        ? work.over(context.db, special, stages.slice(1))
        : work.run(context.db, name, stages, { hint: context.command['hint'] });
    if (isWrite) {
      await writeResults(context, tail, target, rows(), work.collation);
      return firstBatch(context, `${context.db}.${name}`, [].values(), batchSize);
    }
    return firstBatch(context, `${context.db}.${name}`, encodedRows(rows()), batchSize);
  },
};

const ONLY_FIRST = new Set(
  names('$currentOp $collStats $indexStats $listLocalSessions $listSessions $changeStream'),
);
const WITHOUT_COLLECTION = new Set(names('$currentOp $listLocalSessions $changeStream $documents'));

function checkStages(stages: readonly Doc[], name: string): void {
  stages.forEach((stage, at) => {
    const [operator] = stageOf(stage);
    if (operator === '$out' || operator === '$merge') {
      throw new ServerError(40601, `${operator} can only be the final stage in the pipeline`);
    }
    if (at > 0 && ONLY_FIRST.has(operator)) {
      throw new ServerError(40602, `${operator} is only valid as the first stage in a pipeline.`);
    }
    if (at === 0 && name === '$cmd.aggregate' && !WITHOUT_COLLECTION.has(operator)) {
      throw new ServerError(
        73,
        `{aggregate: 1} is not valid for '${operator}'; a collection is required.`,
      );
    }
  });
}

/** What a query finds in a view: the view's pipeline, then the query as stages. */
export function viewDocuments(context: Context, view: Collection, query: Find): Iterable<Doc> {
  const stages: Doc[] = [{ $match: query.filter }];
  if (query.sort && Object.keys(query.sort).length > 0) stages.push({ $sort: query.sort });
  if (query.skip) stages.push({ $skip: query.skip });
  if (query.limit) stages.push({ $limit: query.limit });
  const projection = docOf(context, 'projection');
  if (projection && Object.keys(projection).length > 0) stages.push({ $project: projection });
  return new Aggregation(context, query.collation).run(view.db, view.name, stages);
}

export const aggregateCommands: Record<string, Command> = { aggregate };
