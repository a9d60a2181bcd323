import { runPipeline } from '../aggregate/aggregate.ts';
import { get, put, type Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError, failedToParse } from '../errors.ts';
import { scopeOf } from '../expressions/expressions.ts';
import { isOperatorDoc } from '../query/match.ts';
import { clone } from '../values/paths.ts';
import { arrayModifiers } from './arrays.ts';
import { fieldModifiers, renamed } from './fields.ts';
import {
  applyAt,
  checkConflicts,
  comparePaths,
  concretePaths,
  parseArrayFilters,
  parseUpdatePath,
  type ArrayFilters,
} from './paths.ts';
import { equal, isDoc, typeOf } from '../values/values.ts';
import { shown } from '../query/match-operators.ts';

/** What an update may refer to beside the document. */
export interface UpdateEnv {
  readonly arrayFilters?: Doc[] | undefined;
  readonly collation?: Collation | undefined;
  readonly let?: Doc | undefined;
  /** Values that a pipeline reads as `$$name` (the `c` of an update statement). */
  readonly constants?: Doc | undefined;
}

/** How a document is updated: the place of the positional `$`, and whether it is being inserted by an upsert. */
export interface UpdateHow {
  readonly position?: number | undefined;
  readonly insert: boolean;
}

/** Gives the updated document; never changes the one it is given. */
export type Update = (doc: Doc, how: UpdateHow) => Doc;

/** What a modifier does to the value at its path; undefined for a value that is missing, or that goes. */
export interface Modification {
  /** Whether a missing path is made. */
  readonly creates: boolean;
  /** Whether a value that is no document on the way is passed over, as `$unset` does; else it is error 28. */
  readonly passes?: boolean;
  /** Whether it applies only to a document that an upsert inserts. */
  readonly onInsert?: boolean;
  apply(value: unknown, context: { root: Doc; path: string }): unknown;
  /** Takes the place of `apply` where a value comes from another path of the document as it was. */
  move?(made: Doc, root: Doc): void;
}

/** Compiles the operand of a modifier for one path. */
export type Modifier = (operand: unknown, path: string, env: UpdateEnv) => Modification;

interface Step {
  parts: string[];
  modification: Modification;
}

const modifiers = new Map<string, Modifier>(
  Object.entries({ ...fieldModifiers, ...arrayModifiers }),
);

/**
 * Compiles an update: operators, a replacement, or a pipeline.
 * @throws ServerError with MongoDB's codes for malformed updates; the update it gives throws when it cannot be
 *   applied to a document, which then stays as it is
 */
export function compileUpdate(update: Doc | Doc[], env: UpdateEnv = {}): Update {
  if (Array.isArray(update)) return pipelineUpdate(update, env);
  if (!isDoc(update)) throw failedToParse('Update argument must be either an object or an array');
  const [first] = Object.keys(update);
  const apply = first?.startsWith('$') ? operatorUpdate(update, env) : replacement(update);
  return (doc, how) => keepId(doc, apply(doc, how));
}

function keepId(before: Doc, after: Doc): Doc {
  const id = get(before, '_id');
  if (id !== undefined && !equal(id, get(after, '_id'))) {
    throw new ServerError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  return after;
}

function replacement(update: Doc): Update {
  for (const key of Object.keys(update)) {
    if (key.startsWith('$')) {
      throw new ServerError(
        52,
        `The dollar ($) prefixed field '${key}' in '${key}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
    }
  }
  return (doc) => {
    const id = get(doc, '_id');
    const made = clone(update);
    if (id === undefined) return made;
    const given = get(update, '_id');
    if (given !== undefined && !equal(given, id)) {
      throw new ServerError(
        66,
        `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${shown(given)}`,
      );
    }
    return { ...{ _id: id }, ...made, ...{ _id: id } };
  };
}

const pipelineStages = ['$set', '$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith'];

function pipelineUpdate(pipeline: Doc[], env: UpdateEnv): Update {
  if (env.arrayFilters && env.arrayFilters.length > 0) {
    throw failedToParse('arrayFilters may not be specified for pipeline-style updates');
  }
  for (const stage of pipeline) {
    const [name = ''] = Object.keys(stage);
    if (!pipelineStages.includes(name)) {
      throw new ServerError(72, `${name} is not allowed to be used within an update`);
    }
  }
  const scope = new Map(scopeOf({ let: env.let }));
  for (const [name, value] of Object.entries(env.constants ?? {})) scope.set(name, { value });
  return (doc) => {
    const [made = {}] = runPipeline([doc], pipeline, { scope, collation: env.collation });
    const id = get(doc, '_id');
    if (id === undefined || get(made, '_id') !== undefined) return keepId(doc, made);
    return { ...{ _id: id }, ...made };
  };
}

function operatorUpdate(update: Doc, env: UpdateEnv): Update {
  const filters = parseArrayFilters(env.arrayFilters ?? [], env);
  const steps = Object.entries(update).flatMap(([name, fields]) =>
    stepsOf(name, fields, env, filters),
  );
  checkConflicts(steps.map(({ parts }) => parts));
  filters.checkUsed(update);
  steps.sort((a, b) => comparePaths(a.parts, b.parts));
  const dynamic = steps.some(({ parts }) => parts.some((part) => part.startsWith('$')));
  return (doc, how) => {
    const made = clone(doc);
    const concrete = dynamic ? resolved(steps, made, how, filters) : steps;
    for (const { parts, modification } of concrete) {
      if (modification.onInsert === true && !how.insert) continue;
      if (modification.move) modification.move(made, doc);
      else applyAt(made, parts, modification, doc);
    }
    return made;
  };
}

function resolved(steps: Step[], doc: Doc, how: UpdateHow, filters: ArrayFilters): Step[] {
  const concrete = steps.flatMap(({ parts, modification }) =>
    concretePaths(doc, parts, how.position, filters).map((path): Step => ({
      parts: path,
      modification,
    })),
  );
  checkConflicts(concrete.map(({ parts }) => parts));
  return concrete.sort((a, b) => comparePaths(a.parts, b.parts));
}

function stepsOf(name: string, fields: unknown, env: UpdateEnv, filters: ArrayFilters): Step[] {
  const modifier = modifiers.get(name);
  if (!modifier && name !== '$rename') {
    throw failedToParse(
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDoc(fields)) {
    throw failedToParse(
      `Modifiers operate on fields but we found type ${typeOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${name}: ${shown(fields)}}`,
    );
  }
  return Object.entries(fields).flatMap(([path, operand]): Step[] => {
    const parts = parseUpdatePath(path, filters);
    if (!modifier) return renamed(path, parts, operand, filters);
    return [{ parts, modification: modifier(operand, path, env) }];
  });
}

/**
 * The document that an upsert starts from: the equalities of the filter.
 * @param onlyId take `_id` alone, as a replacement does
 * @throws ServerError 54 when two equalities speak of the same path, 55 when a replacement finds but parts of an `_id`
 */
export function upsertSeed(filter: Doc, onlyId = false): Doc {
  const equalities = new Map<string, unknown>();
  collectEqualities(filter, equalities);
  const seed: Doc = {};
  const paths = [...equalities.keys()].filter((path) => !onlyId || path === '_id');
  if (onlyId && paths.length === 0 && [...equalities.keys()].some((path) => /^_id\./.test(path))) {
    throw new ServerError(55, "field at '_id' must be exactly specified");
  }
  for (const path of paths) {
    const above = paths.find((other) => path.startsWith(`${other}.`));
    if (above !== undefined) {
      throw new ServerError(
        54,
        `cannot infer query fields to set, both paths '${path}' and '${above}' are matched`,
      );
    }
    seedAt(seed, path.split('.'), clone(equalities.get(path)));
  }
  return seed;
}

function seedAt(seed: Doc, parts: string[], value: unknown): void {
  let target = seed;
  for (const part of parts.slice(0, -1)) {
    const inner = get(target, part);
    const next: Doc = isDoc(inner) ? inner : {};
    if (inner !== next) put(target, part, next);
    target = next;
  }
  put(target, parts.at(-1) ?? '', value);
}

function collectEqualities(filter: Doc, found: Map<string, unknown>): void {
  for (const [path, condition] of Object.entries(filter)) {
    if (path === '$and' || (path === '$or' && Array.isArray(condition) && condition.length === 1)) {
      for (const clause of condition as Doc[]) collectEqualities(clause, found);
    } else if (!path.startsWith('$')) {
      for (const value of equalitiesOf(condition)) {
        if (found.has(path)) {
          throw new ServerError(
            54,
            `cannot infer query fields to set, path '${path}' is matched twice`,
          );
        }
        found.set(path, value);
      }
    }
  }
}

function equalitiesOf(condition: unknown): unknown[] {
  if (typeOf(condition) === 'regex') return [];
  if (!isOperatorDoc(condition)) return [condition];
  return Object.entries(condition).flatMap(([operator, operand]): unknown[] => {
    if (operator === '$eq') return [operand];
    const list = operator === '$in' || operator === '$all' ? operand : undefined;
    // Two members of `$all` are two equalities, which is one too many; `$in` with two says nothing.
    if (!Array.isArray(list) || (operator === '$in' && list.length !== 1)) return [];
    return list.filter((item) => typeOf(item) !== 'regex' && !isOperatorDoc(item));
  });
}
