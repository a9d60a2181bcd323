import type { Doc } from '../values/bson.ts';
import { ServerError, unsupported } from '../errors.ts';
import { compileAccumulator, type Accumulation, type Accumulator } from './accumulators.ts';
import { stageDoc, type Pipeline, type Stage, type StageContext } from './aggregate.ts';
import {
  compileExpression,
  expressionCompiler,
  type Expression,
} from '../expressions/expressions.ts';
import { positive } from '../expressions/arrays.ts';
import { compare, isDoc, keyOf, rankOf } from '../values/values.ts';

interface Output {
  field: string;
  start: Accumulator;
}

function outputsOf(fields: Doc, context: StageContext): Output[] {
  const compiler = expressionCompiler(context.scope, context.collation);
  return Object.entries(fields).map(([field, accumulator]) => {
    if (field.includes('.')) {
      throw new ServerError(40235, `The field name '${field}' cannot contain '.'`);
    }
    if (field.startsWith('$')) {
      throw new ServerError(40236, `The field name '${field}' cannot be an operator name`);
    }
    return { field, start: compileAccumulator(field, accumulator, compiler) };
  });
}

/** Groups in the order in which they first appear. */
function grouped(idOf: (doc: Doc) => unknown, outputs: Output[], context: StageContext): Pipeline {
  return (docs) => {
    const groups = new Map<string, { id: unknown; parts: Accumulation[] }>();
    for (const doc of docs) {
      const id = idOf(doc);
      const key = keyOf(id, context.collation);
      let group = groups.get(key);
      if (!group) {
        group = { id, parts: outputs.map(({ start }) => start()) };
        groups.set(key, group);
      }
      for (const part of group.parts) part.add(doc);
    }
    return Array.from(groups.values(), ({ id, parts }) => groupDoc(id, outputs, parts));
  };
}

function groupDoc(id: unknown, outputs: Output[], parts: Accumulation[]): Doc {
  const made: Doc = { _id: id };
  for (const [at, { field }] of outputs.entries()) made[field] = parts[at]?.result() ?? null;
  return made;
}

const group: Stage = (operand, context) => {
  const { _id: idExpression, ...fields } = stageDoc(operand, '$group', 15947);
  if (idExpression === undefined) {
    throw new ServerError(15955, 'a group specification must include an _id');
  }
  const id = compileExpression(idExpression, context.scope, context.collation);
  return grouped((doc) => id(doc) ?? null, outputsOf(fields, context), context);
};

const sortByCount: Stage = (operand, context) => {
  if (typeof operand === 'string' ? !operand.startsWith('$') : !isDoc(operand)) {
    throw new ServerError(
      40148,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
  return context.compile([
    { $group: { _id: operand, count: { $sum: 1 } } },
    { $sort: { count: -1 } },
  ]);
};

const countOutput = { count: { $sum: 1 } };

const bucket: Stage = (operand, context) => {
  const options = stageDoc(operand, '$bucket', 40201);
  for (const key of Object.keys(options)) {
    if (!['groupBy', 'boundaries', 'default', 'output'].includes(key)) {
      throw new ServerError(40197, `Unrecognized option to $bucket: ${key}.`);
    }
  }
  const { groupBy, boundaries } = options;
  if (groupBy === undefined || boundaries === undefined) {
    throw new ServerError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
  }
  if (typeof groupBy === 'string' ? !groupBy.startsWith('$') : !isDoc(groupBy)) {
    throw new ServerError(
      40202,
      "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression",
    );
  }
  const bounds = boundsOf(boundaries, context);
  const expression = compileExpression(groupBy, context.scope, context.collation);
  const fallback = bucketDefault(options, bounds, context);
  const outputs = outputsOf(isDoc(options.output) ? options.output : countOutput, context);
  const run = grouped((doc) => bucketFor(expression(doc), bounds, fallback), outputs, context);
  return (docs) => [...run(docs)].sort((a, b) => compare(a._id, b._id));
};

function boundsOf(boundaries: unknown, context: StageContext): unknown[] {
  if (!Array.isArray(boundaries))
    throw new ServerError(40200, "The $bucket 'boundaries' field must be an array");
  if (boundaries.length < 2)
    throw new ServerError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  const bounds = boundaries.map((bound) => compileExpression(bound, context.scope)({}));
  for (let at = 1; at < bounds.length; at++) {
    if (rankOf(bounds[at - 1]) !== rankOf(bounds[at])) {
      throw new ServerError(
        40193,
        "All values in the 'boundaries' option to $bucket must have the same type.",
      );
    }
    if (compare(bounds[at - 1], bounds[at]) >= 0) {
      throw new ServerError(40194, "The 'boundaries' option to $bucket must be sorted");
    }
  }
  return bounds;
}

function bucketDefault(
  options: Doc,
  bounds: unknown[],
  context: StageContext,
): { value: unknown } | undefined {
  if (!('default' in options)) return undefined;
  const value = compileExpression(options.default, context.scope)({});
  if (compare(value, bounds[0]) >= 0 && compare(value, bounds.at(-1)) < 0) {
    throw new ServerError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
  }
  return { value };
}

function bucketFor(
  value: unknown,
  bounds: unknown[],
  fallback: { value: unknown } | undefined,
): unknown {
  const above = bounds.findIndex((bound) => compare(value, bound) < 0);
  if (above > 0) return bounds[above - 1];
  if (fallback) return fallback.value;
  throw new ServerError(
    40066,
    '$switch could not find a matching branch for an input, and no default was specified.',
  );
}

const bucketAuto: Stage = (operand, context) => {
  const options = stageDoc(operand, '$bucketAuto', 40240);
  for (const key of Object.keys(options)) {
    if (!['groupBy', 'buckets', 'output', 'granularity'].includes(key)) {
      throw new ServerError(40245, `Unrecognized option to $bucketAuto: ${key}.`);
    }
  }
  if (options.groupBy === undefined || options.buckets === undefined) {
    throw new ServerError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.");
  }
  if (options.granularity !== undefined) throw unsupported('$bucketAuto granularity');
  const buckets = positive(options.buckets, 40243, "The $bucketAuto 'buckets' field");
  const expression = compileExpression(options.groupBy, context.scope, context.collation);
  const outputs = outputsOf(isDoc(options.output) ? options.output : countOutput, context);
  return (docs) => autoBuckets(docs, { expression, buckets, outputs }, context);
};

interface AutoBuckets {
  expression: Expression;
  buckets: number;
  outputs: Output[];
}

/** Sorts, and cuts into buckets of about one size; equal values share a bucket. */
function autoBuckets(
  docs: Iterable<Doc>,
  options: AutoBuckets,
  { collation }: StageContext,
): Doc[] {
  const { expression, buckets, outputs } = options;
  const rows = Array.from(docs, (doc) => ({ doc, value: expression(doc) ?? null }));
  rows.sort((a, b) => compare(a.value, b.value, collation));
  const size = Math.max(1, Math.round(rows.length / buckets));
  const parts: (typeof rows)[] = [];
  for (let at = 0; at < rows.length;) {
    let end = parts.length === buckets - 1 ? rows.length : Math.min(rows.length, at + size);
    while (end < rows.length && compare(rows[end]?.value, rows[end - 1]?.value, collation) === 0)
      end++;
    parts.push(rows.slice(at, end));
    at = end;
  }
  return parts.map((part, at) => {
    const max = parts[at + 1]?.[0]?.value ?? part.at(-1)?.value;
    const made = outputs.map(({ start }) => start());
    for (const { doc } of part) for (const accumulation of made) accumulation.add(doc);
    return groupDoc({ min: part[0]?.value, max }, outputs, made);
  });
}

/** Stages that gather documents into groups. */
export const groupStages: Readonly<Record<string, Stage>> = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
};
