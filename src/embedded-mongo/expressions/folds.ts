import { double } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError } from '../errors.ts';
import type { Compiler, Expression, Operator } from './expressions.ts';
import { isNullish, namedFields } from './operands.ts';
import { compare, isNumber } from '../values/values.ts';
import { Sum, divide, toNumber } from '../values/arithmetic.ts';

/** A result over several values. */
interface Fold {
  add(value: unknown): void;
  result(): unknown;
}

function sum(): Fold {
  const total = new Sum();
  return {
    add(value) {
      if (isNumber(value)) total.add(value);
    },
    result: () => total.total(),
  };
}

function average(): Fold {
  const total = new Sum();
  let count = 0;
  return {
    add(value) {
      if (!isNumber(value)) return;
      total.add(value);
      count++;
    },
    result: () => (count === 0 ? null : divide(total.total(), count)),
  };
}

function extreme(direction: 1 | -1) {
  return (collation?: Collation): Fold => {
    let kept: unknown = null;
    return {
      add(value) {
        if (isNullish(value)) return;
        if (kept === null || compare(value, kept, collation) * direction < 0) kept = value;
      },
      result: () => kept,
    };
  };
}

/** Welford's running variance. */
function deviation(sample: boolean) {
  return (): Fold => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      add(value) {
        if (!isNumber(value)) return;
        const number = toNumber(value);
        count++;
        const off = number - mean;
        mean += off / count;
        squares += off * (number - mean);
      },
      result() {
        const divisor = sample ? count - 1 : count;
        return divisor <= 0 ? null : double(Math.sqrt(squares / divisor));
      },
    };
  };
}

/** The folds that are accumulators and expressions alike. */
export const folds = {
  $sum: sum,
  $avg: average,
  $min: extreme(1),
  $max: extreme(-1),
  $stdDevPop: deviation(false),
  $stdDevSamp: deviation(true),
} as const;

/** As an expression: over the members of one array, or over several operands (of which arrays are no numbers). */
function folded(start: (collation?: Collation) => Fold): Operator {
  return (operand, compiler) => {
    const list = Array.isArray(operand) ? operand : undefined;
    const [only] = list ?? [];
    if (list && list.length !== 1) {
      const items = list.map((item) => compiler.compile(item));
      return (root) =>
        overAll(
          start(compiler.collation),
          items.map((item) => item(root)),
        );
    }
    const expression = compiler.compile(list ? only : operand);
    return (root) => {
      const value = expression(root);
      return overAll(start(compiler.collation), Array.isArray(value) ? value : [value]);
    };
  };
}

function overAll(fold: Fold, values: unknown[]): unknown {
  for (const value of values) fold.add(value);
  return fold.result();
}

/** Compiles the operand of `$median` and `$percentile`. */
export function percentiles(
  operand: unknown,
  compiler: Compiler,
  name: string,
): { input: Expression; finish: (values: unknown[]) => unknown } {
  const required = name === '$median' ? ['input', 'method'] : ['input', 'p', 'method'];
  const fields = namedFields(operand, name, required);
  if (fields.method !== 'approximate') {
    throw new ServerError(2, "Currently only 'approximate' can be used as percentile 'method'.");
  }
  const wanted: unknown = name === '$median' ? [0.5] : compiler.compile(fields.p)({});
  if (!Array.isArray(wanted) || wanted.length === 0 || !wanted.every(isShare)) {
    throw new ServerError(
      7750303,
      "The $percentile 'p' field must be an array of numbers from [0.0, 1.0]",
    );
  }
  return {
    input: compiler.compile(fields.input),
    finish(values) {
      const numbers = values
        .filter(isNumber)
        .map(toNumber)
        .sort((a, b) => a - b);
      const found = wanted.map((share) => {
        const rank = Math.max(0, Math.ceil(numbers.length * toNumber(share)) - 1);
        const value = numbers[rank];
        return value === undefined ? null : double(value);
      });
      return name === '$median' ? found[0] : found;
    },
  };
}

function isShare(value: unknown): boolean {
  return isNumber(value) && toNumber(value) >= 0 && toNumber(value) <= 1;
}

const percentile: Operator = (operand, compiler, name) => {
  const { input, finish } = percentiles(operand, compiler, name);
  return (root) => {
    const value = input(root);
    return finish(Array.isArray(value) ? value : [value]);
  };
};

/** Accumulators in their form as expressions. */
export const foldOperators: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(Object.entries(folds).map(([name, start]) => [name, folded(start)])),
  $median: percentile,
  $percentile: percentile,
};
