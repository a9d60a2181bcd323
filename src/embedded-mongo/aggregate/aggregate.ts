import type { Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError, unsupported } from '../errors.ts';
import { scopeOf, type Scope } from '../expressions/expressions.ts';
import { groupStages } from './group.ts';
import { joinStages } from './joins.ts';
import { simpleStages } from './stages.ts';
import { windowStages } from './window.ts';
import { isNumber, isDoc } from '../values/values.ts';
import { topDocs } from '../query/sort.ts';
import { toNumber } from '../values/arithmetic.ts';

/** A collection by its name in the database of the command, or in another one. */
export type Source = string | { db: string; coll: string };

/** What a pipeline may refer to beside the documents it is given. */
export interface PipelineEnv {
  /** The documents of a collection or a view; none when it does not exist. */
  readonly collection?: ((source: Source, depth: number) => Iterable<Doc>) | undefined;
  /** The documents of a collection that match a filter, through its indexes. */
  readonly find?: ((source: Source, filter: Doc, depth: number) => Iterable<Doc>) | undefined;
  /** How many stages this pipeline is inside of. */
  readonly depth?: number | undefined;
  readonly let?: Doc | undefined;
  readonly now?: Date | undefined;
  readonly collation?: Collation | undefined;
  /** Variables already bound (sub-pipelines); takes the place of `let` and `now`. */
  readonly scope?: Scope | undefined;
}

/** What the builder of a stage is given. */
export interface StageContext {
  readonly env: PipelineEnv;
  readonly scope: Scope;
  readonly collation: Collation | undefined;
  /** The depth of what this stage reads. */
  readonly depth: number;
  /** Compiles an inner pipeline, with further variables where given. */
  compile(pipeline: unknown, scope?: Scope, depth?: number): Pipeline;
}

/** A compiled pipeline or stage; never changes the documents it is given. */
export type Pipeline = (docs: Iterable<Doc>) => Iterable<Doc>;

/** Compiles the operand of one stage. */
export type Stage = (operand: unknown, context: StageContext, name: string) => Pipeline;

let stages: ReadonlyMap<string, Stage> | undefined;

/** The table of stages, joined when it is first asked for: its parts import this module. */
function stageNamed(name: string): Stage | undefined {
  stages ??= new Map(
    Object.entries({
      ...simpleStages,
      ...groupStages,
      ...joinStages,
      ...windowStages,
    }),
  );
  return stages.get(name);
}

/** Stages that MongoDB has, and that only the command (at an end of a pipeline) or nobody here runs. */
const known = new Set(
  `$out $merge $collStats $indexStats $changeStream $changeStreamSplitLargeEvent $currentOp $listSessions
  $listLocalSessions $listSampledQueries $planCacheStats $geoNear $search $searchMeta $vectorSearch $rankFusion
  $shardedDataDistribution $densify $fill $querySettings $queryStats $listClusterCatalog $score $scoreFusion`.split(
    /\s+/,
  ),
);

const MAX_DEPTH = 20;

/**
 * Runs a pipeline over documents.
 * @throws ServerError 40324 for an unknown stage, 238 for one that is not supported, MongoDB's codes for malformed ones
 */
export function runPipeline(
  source: Iterable<Doc>,
  pipeline: readonly Doc[],
  env: PipelineEnv = {},
): Doc[] {
  return [...compilePipeline(pipeline, env)(source)];
}

/** @throws ServerError 232 for stages inside of each other, deeper than MongoDB lets them be */
export function checkDepth({ depth }: StageContext, name: string): void {
  if (depth <= MAX_DEPTH) return;
  throw new ServerError(
    232,
    `Maximum number of nested ${name} sub-pipelines exceeded. Limit is ${MAX_DEPTH}`,
  );
}

/** Compiles a pipeline; the result is lazy where its stages are. */
function compilePipeline(pipeline: readonly Doc[], env: PipelineEnv = {}): Pipeline {
  return compile(pipeline, env, env.scope ?? scopeOf(env));
}

function compile(pipeline: readonly unknown[], env: PipelineEnv, scope: Scope): Pipeline {
  const depth = (env.depth ?? 0) + 1;
  const context: StageContext = {
    env,
    scope,
    collation: env.collation,
    depth,
    compile(inner, innerScope = scope, innerDepth = depth) {
      if (!Array.isArray(inner))
        throw new ServerError(14, "'pipeline' option must be specified as an array");
      return compile(inner, { ...env, depth: innerDepth }, innerScope);
    },
  };
  const compiled: Pipeline[] = [];
  for (let at = 0; at < pipeline.length; at++) {
    const top = topSort(pipeline[at], pipeline[at + 1], context);
    // A sort that is cut off right away keeps only what is asked for.
    if (top) at++;
    compiled.push(top ?? compileStage(pipeline[at], context, at));
  }
  return (docs) => compiled.reduce((flow, stage) => stage(flow), docs);
}

function compileStage(stage: unknown, context: StageContext, at: number): Pipeline {
  if (!isDoc(stage))
    throw new ServerError(14, "Each element of the 'pipeline' array must be an object");
  const names = Object.keys(stage);
  const [name] = names;
  if (name === undefined || names.length !== 1) {
    throw new ServerError(
      40323,
      'A pipeline stage specification object must contain exactly one field.',
    );
  }
  const build = stageNamed(name);
  if (build) {
    if (name === '$documents' && at > 0) {
      throw new ServerError(40602, '$documents is only valid as the first stage in a pipeline');
    }
    return build(stage[name], context, name);
  }
  if (known.has(name)) throw unsupported(`The stage ${name} (at this place of a pipeline)`);
  throw new ServerError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function topSort(stage: unknown, next: unknown, context: StageContext): Pipeline | undefined {
  if (!isDoc(stage) || !isDoc(next) || !isDoc(stage.$sort) || !('$limit' in next)) return undefined;
  const sort = stage.$sort;
  if (Object.keys(sort).length === 0 || Object.keys(next).length > 1) return undefined;
  const limit = limitOf(next.$limit);
  topDocs([], sort, 1, context.collation);
  return (docs) => topDocs(docs, sort, limit, context.collation);
}

/** The operand of `$limit`. */
export function limitOf(operand: unknown): number {
  const limit = isNumber(operand) ? toNumber(operand) : Number.NaN;
  if (!Number.isInteger(limit)) {
    throw new ServerError(
      2107201,
      `invalid argument to $limit stage: Expected an integer: $limit: ${String(operand)}`,
    );
  }
  if (limit < 0) {
    throw new ServerError(
      2107201,
      `invalid argument to $limit stage: Expected a non-negative number in: $limit: ${limit}`,
    );
  }
  if (limit === 0) throw new ServerError(15958, 'the limit must be positive');
  return limit;
}

/** A stage operand that must be a document. */
export function stageDoc(operand: unknown, name: string, code = 14): Doc {
  if (!isDoc(operand))
    throw new ServerError(code, `the ${name} stage specification must be an object`);
  return operand;
}

/** A stage option that must be a string. */
export function stageText(value: unknown, what: string, code = 9): string {
  if (typeof value !== 'string') throw new ServerError(code, `${what} must be a string`);
  return value;
}

/** Refuses options that a stage has not. */
export function checkOptions(options: Doc, name: string, allowed: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) {
      throw new ServerError(40415, `BSON field '${name}.${key}' is an unknown field.`);
    }
  }
}
