import type { Doc } from '../values/bson.ts';
import { ServerError, failedToParse, unsupported } from '../errors.ts';
import { compileAccumulator, isAccumulator } from './accumulators.ts';
import { checkOptions, stageDoc, type Stage, type StageContext } from './aggregate.ts';
import { strictPath, withPath } from './stages.ts';
import { boundsOf, type Bounds } from './window-bounds.ts';
import {
  compileExpression,
  expressionCompiler,
  parseFieldPath,
  type Compiler,
  type Expression,
} from '../expressions/expressions.ts';
import { namedFields } from '../expressions/operands.ts';
import { sortDocs } from '../query/sort.ts';
import { compare, equal, isDoc, isNumber, keyOf } from '../values/values.ts';
import { toNumber } from '../values/arithmetic.ts';

/** The documents of a partition, sorted. */
interface Partition {
  docs: Doc[];
  sortBy: Doc | undefined;
}

interface Call {
  compiler: Compiler;
  sortBy: Doc | undefined;
  window: unknown;
  name: string;
}

type WindowFunction = (
  operand: unknown,
  call: Call,
) => (partition: Partition) => (at: number) => unknown;

function sortPath({ sortBy, name }: Call): string[] {
  const [field] = Object.keys(sortBy ?? {});
  if (field === undefined)
    throw new ServerError(5371602, `${name} must be specified with a top level sortBy expression`);
  return field.split('.');
}

function noWindow({ window, name }: Call): void {
  if (window !== undefined) {
    throw new ServerError(
      5371601,
      `Rank style window functions take no other arguments: ${name} with 'window'`,
    );
  }
}

/** `$rank`, `$denseRank`, `$documentNumber`. */
function rank(kind: 'rank' | 'dense' | 'number'): WindowFunction {
  return (operand, call) => {
    if (!isDoc(operand) || Object.keys(operand).length > 0) {
      throw new ServerError(5371603, `${call.name} must be specified with '{}' as the value`);
    }
    noWindow(call);
    const path = sortPath(call);
    if (kind !== 'number' && Object.keys(call.sortBy ?? {}).length > 1) {
      throw new ServerError(
        5371602,
        `${call.name} must be specified with a top level sortBy expression with exactly one element`,
      );
    }
    return ({ docs }) => {
      let current = 0;
      const ranks = docs.map((doc, at) => {
        const tied =
          at > 0 &&
          equal(strictPath(doc, path) ?? null, strictPath(docs[at - 1] ?? {}, path) ?? null);
        if (kind === 'number' || !tied) current = kind === 'dense' ? current + 1 : at + 1;
        return current;
      });
      return (at) => ranks[at];
    };
  };
}

const shift: WindowFunction = (operand, call) => {
  const fields = namedFields(operand, call.name, ['output', 'by'], ['default']);
  noWindow(call);
  sortPath(call);
  const by = isNumber(fields.by) ? toNumber(fields.by) : Number.NaN;
  if (!Number.isInteger(by)) throw failedToParse("'$shift:by' field must be an integer");
  const output = call.compiler.compile(fields.output);
  const fallback = call.compiler.compile(fields.default ?? null)({});
  return ({ docs }) =>
    (at) => {
      const doc = docs[at + by];
      return doc ? (output(doc) ?? null) : fallback;
    };
};

/** Functions that are no accumulators. */
const windowFunctions: Readonly<Record<string, WindowFunction>> = {
  $rank: rank('rank'),
  $denseRank: rank('dense'),
  $documentNumber: rank('number'),
  $shift: shift,
};

/** Window functions that MongoDB has and this server has not. */
const refused = [
  '$covariancePop',
  '$covarianceSamp',
  '$derivative',
  '$expMovingAvg',
  '$integral',
  '$linearFill',
  '$locf',
  '$minMaxScaler',
];

/** Gives the value of one output field for the document at a place of its partition. */
type WindowOutput = (partition: Partition) => (at: number) => unknown;

const setWindowFields: Stage = (operand, context, name) => {
  const options = stageDoc(operand, name, 9);
  checkOptions(options, name, ['partitionBy', 'sortBy', 'output']);
  if (!isDoc(options.output)) {
    throw new ServerError(40414, `BSON field '${name}.output' is missing but a required field`);
  }
  if (options.sortBy !== undefined && !isDoc(options.sortBy)) {
    throw new ServerError(
      14,
      `BSON field '${name}.sortBy' is the wrong type, expected type 'object'`,
    );
  }
  const sortBy = isDoc(options.sortBy) ? options.sortBy : undefined;
  const outputs = Object.entries(options.output).map(([field, specification]) => ({
    path: parseFieldPath(field),
    compute: outputOf(specification, sortBy, context),
  }));
  const partitionBy = compileExpression(
    options.partitionBy ?? null,
    context.scope,
    context.collation,
  );
  return (docs) =>
    partitions(docs, partitionBy, context).flatMap((members) => {
      const sorted = sortBy ? sortDocs(members, sortBy, context.collation) : members;
      const partition: Partition = { docs: sorted, sortBy };
      const columns = outputs.map(({ path, compute }) => ({ path, read: compute(partition) }));
      return sorted.map((doc, at) =>
        columns.reduce((made, { path, read }) => withPath(made, path, read(at) ?? null), doc),
      );
    });
};

/** Partitions in the order of their keys. */
function partitions(
  docs: Iterable<Doc>,
  partitionBy: Expression,
  { collation }: StageContext,
): Doc[][] {
  const found = new Map<string, { key: unknown; docs: Doc[] }>();
  for (const doc of docs) {
    const value = partitionBy(doc) ?? null;
    if (Array.isArray(value))
      throw new ServerError(
        14,
        'An expression used to partition cannot evaluate to value of type array',
      );
    const key = keyOf(value, collation);
    const partition = found.get(key);
    if (partition) partition.docs.push(doc);
    else found.set(key, { key: value, docs: [doc] });
  }
  return [...found.values()]
    .sort((a, b) => compare(a.key, b.key, collation))
    .map((partition) => partition.docs);
}

function outputOf(
  specification: unknown,
  sortBy: Doc | undefined,
  context: StageContext,
): WindowOutput {
  const { window, ...functions } = stageDoc(specification, '$setWindowFields output', 9);
  const names = Object.keys(functions);
  const [name = ''] = names;
  if (names.length !== 1) {
    throw failedToParse('Expected a $-prefixed window function, and only one of it');
  }
  const compiler = expressionCompiler(context.scope, context.collation);
  const build = windowFunctions[name];
  if (build) return build(functions[name], { compiler, sortBy, window, name });
  if (refused.includes(name)) throw unsupported(`The window function ${name}`);
  if (!isAccumulator(name)) throw failedToParse(`Unrecognized window function, ${name}`);
  const start = compileAccumulator(name, functions, compiler);
  const bounds = boundsOf(window, sortBy, context);
  return (partition) => overWindow(partition, bounds, () => start());
}

function overWindow(
  { docs }: Partition,
  bounds: Bounds | undefined,
  start: () => { add(doc: Doc): void; result(): unknown },
): (at: number) => unknown {
  if (!bounds) {
    const accumulation = start();
    for (const doc of docs) accumulation.add(doc);
    const result = accumulation.result();
    return () => result;
  }
  const range = bounds(docs);
  return (at) => {
    const accumulation = start();
    const [from, to] = range(at);
    for (const doc of docs.slice(from, to)) accumulation.add(doc);
    return accumulation.result();
  };
}

/** Stages that look at the neighbours of a document. */
export const windowStages: Readonly<Record<string, Stage>> = {
  $setWindowFields: setWindowFields,
};
