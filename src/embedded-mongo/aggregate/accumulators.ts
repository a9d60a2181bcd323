import type { Doc } from '../values/bson.ts';
import { ServerError, unsupported } from '../errors.ts';
import type { Compiler, Expression } from '../expressions/expressions.ts';
import { extremes, positive } from '../expressions/arrays.ts';
import { folds, percentiles } from '../expressions/folds.ts';
import { mergeObjects } from '../expressions/objects.ts';
import { named, namedFields } from '../expressions/operands.ts';
import { sortDocs } from '../query/sort.ts';
import { isDoc, keyOf } from '../values/values.ts';

/** A result in the making. */
export interface Accumulation {
  add(root: Doc): void;
  /** The result so far; undefined stands for null. */
  result(): unknown;
}

/** Starts an accumulation for a new group or window. */
export type Accumulator = () => Accumulation;

type Builder = (operand: unknown, compiler: Compiler, name: string) => Accumulator;

/** An accumulator of the values of one expression. */
function ofValues(
  start: (compiler: Compiler) => { add(value: unknown): void; result(): unknown },
): Builder {
  return (operand, compiler) => {
    const expression = compiler.compile(operand);
    return () => {
      const { add, result } = start(compiler);
      return { add: (root) => add(expression(root)), result };
    };
  };
}

/** An accumulator that decides at its end, from all values. */
function ofList(finish: (values: unknown[], compiler: Compiler) => unknown): Builder {
  return ofValues((compiler) => {
    const values: unknown[] = [];
    return { add: (value) => values.push(value), result: () => finish(values, compiler) };
  });
}

const first: Builder = ofValues(() => {
  let found = false;
  let kept: unknown;
  return {
    add(value) {
      if (!found) kept = value;
      found = true;
    },
    result: () => kept,
  };
});

const last: Builder = ofValues(() => {
  let kept: unknown;
  return {
    add(value) {
      kept = value;
    },
    result: () => kept,
  };
});

const addToSet: Builder = ofValues(({ collation }) => {
  const seen = new Map<string, unknown>();
  return {
    add(value) {
      if (value === undefined) return;
      const key = keyOf(value, collation);
      if (!seen.has(key)) seen.set(key, value);
    },
    result: () => [...seen.values()],
  };
});

const count: Builder = (operand) => {
  if (!isDoc(operand) || Object.keys(operand).length > 0) {
    throw new ServerError(9, '$count takes no arguments, i.e. $count:{}');
  }
  return () => {
    let number = 0;
    return { add: () => number++, result: () => number };
  };
};

/** `$firstN`, `$lastN`, `$minN`, `$maxN`. */
function someOf(choose: (values: unknown[], n: number) => unknown[]): Builder {
  return (operand, compiler, name) => {
    const { input, n } = named(operand, compiler, name, ['input', 'n']);
    return () => {
      const values: unknown[] = [];
      let size: number | undefined;
      return {
        add(root) {
          size ??= positive(n?.(root), 5787902, `${name}: n`);
          values.push(input?.(root) ?? null);
        },
        result: () => choose(values, size ?? 1),
      };
    };
  };
}

/** `$top`, `$topN`, `$bottom`, `$bottomN`. */
function ranked(end: 'top' | 'bottom', many: boolean): Builder {
  return (operand, compiler, name) => {
    const fields = namedFields(
      operand,
      name,
      many ? ['sortBy', 'output', 'n'] : ['sortBy', 'output'],
    );
    const { sortBy } = fields;
    if (!isDoc(sortBy)) throw new ServerError(10065, `${name} needs 'sortBy' to be an object`);
    const output = compiler.compile(fields.output);
    const n: Expression = many ? compiler.compile(fields.n) : () => 1;
    return () => {
      const docs: Doc[] = [];
      let size: number | undefined;
      return {
        add(root) {
          size ??= positive(n(root), 5787902, `${name}: n`);
          docs.push(root);
        },
        result() {
          const sorted = sortDocs(docs, sortBy, compiler.collation);
          const chosen = end === 'top' ? sorted.slice(0, size) : sorted.slice(-(size ?? 1));
          const values = chosen.map((doc) => output(doc) ?? null);
          return many ? values : values[0];
        },
      };
    };
  };
}

const builders = new Map<string, Builder>(
  Object.entries({
    $sum: ofValues(() => folds.$sum()),
    $avg: ofValues(() => folds.$avg()),
    $min: ofValues(({ collation }) => folds.$min(collation)),
    $max: ofValues(({ collation }) => folds.$max(collation)),
    $stdDevPop: ofValues(() => folds.$stdDevPop()),
    $stdDevSamp: ofValues(() => folds.$stdDevSamp()),
    $first: first,
    $last: last,
    $push: ofList((values) => values.filter((value) => value !== undefined)),
    $addToSet: addToSet,
    $mergeObjects: ofList(mergeObjects),
    $count: count,
    $firstN: someOf((values, n) => values.slice(0, n)),
    $lastN: someOf((values, n) => values.slice(-n)),
    $minN: someOf((values, n) => extremes(values, n, 1)),
    $maxN: someOf((values, n) => extremes(values, n, -1)),
    $top: ranked('top', false),
    $topN: ranked('top', true),
    $bottom: ranked('bottom', false),
    $bottomN: ranked('bottom', true),
    $median: percentileBuilder,
    $percentile: percentileBuilder,
    $accumulator: () => {
      throw unsupported('$accumulator');
    },
  } satisfies Record<string, Builder>),
);

function percentileBuilder(operand: unknown, compiler: Compiler, name: string): Accumulator {
  const { input, finish } = percentiles(operand, compiler, name);
  return () => {
    const values: unknown[] = [];
    return {
      add: (root) => values.push(input(root)),
      result: () => finish(values),
    };
  };
}

/** Whether a name is one of an accumulator. */
export function isAccumulator(name: string): boolean {
  return builders.has(name);
}

/**
 * Compiles `{$sum: ...}` and its kin.
 * @throws ServerError 15952 for an unknown accumulator, 40234 and 40238 for malformed ones
 */
export function compileAccumulator(
  field: string,
  accumulator: unknown,
  compiler: Compiler,
): Accumulator {
  if (!isDoc(accumulator)) {
    throw new ServerError(40234, `The field '${field}' must be an accumulator object`);
  }
  const names = Object.keys(accumulator);
  const [name = ''] = names;
  if (names.length !== 1) {
    throw new ServerError(40238, `The field '${field}' must specify one accumulator`);
  }
  const build = builders.get(name);
  if (!build) throw new ServerError(15952, `unknown group operator '${name}'`);
  return build(accumulator[name], compiler, name);
}
