import { put, type Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError } from '../errors.ts';
import { checkVariableName, type Compiler, type Operator, type Variable } from './expressions.ts';
import {
  binary,
  isNullish,
  isTrue,
  named,
  namedFields,
  operands,
  unary,
  variadic,
} from './operands.ts';
import { sortDocs } from '../query/sort.ts';
import { compare, equal, isDoc, isNumber, keyOf, typeOf } from '../values/values.ts';
import { toNumber } from '../values/arithmetic.ts';

function arrayOr(value: unknown, code: number, message: string): unknown[] {
  if (!Array.isArray(value)) throw new ServerError(code, `${message}, found: ${typeOf(value)}`);
  return value;
}

/** An integer operand that may be written as any numeric type. */
export function wholeOperand(value: unknown, code: number, message: string): number {
  const number = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number)) throw new ServerError(code, message);
  return number;
}

function elementAt(items: unknown, place: unknown): unknown {
  if (isNullish(items) || isNullish(place)) return null;
  const list = arrayOr(items, 28689, "$arrayElemAt's first argument must be an array");
  const index = wholeOperand(
    place,
    28691,
    "$arrayElemAt's second argument must be representable as a 32-bit integer",
  );
  return list.at(index);
}

function concatArrays(values: unknown[]): unknown {
  const joined: unknown[] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    joined.push(...arrayOr(value, 28664, '$concatArrays only supports arrays'));
  }
  return joined;
}

/** `$map`, `$filter`: runs `body` for each member with the member bound to a variable. */
function perItem(
  operand: unknown,
  compiler: Compiler,
  name: string,
  bodyKey: string,
  optional: string[],
) {
  const fields = namedFields(operand, name, ['input', bodyKey], ['as', ...optional]);
  const as = fields.as ?? 'this';
  if (typeof as !== 'string') throw new ServerError(14, `${name} needs 'as' to be a string`);
  checkVariableName(as);
  const variable: Variable = { value: undefined };
  return {
    input: compiler.compile(fields.input),
    variable,
    body: compiler.with({ [as]: variable }).compile(fields[bodyKey]),
    limit: fields.limit === undefined ? undefined : compiler.compile(fields.limit),
  };
}

const map: Operator = (operand, compiler, name) => {
  const { input, variable, body } = perItem(operand, compiler, name, 'in', []);
  return (root) => {
    const items = input(root);
    if (isNullish(items)) return null;
    return arrayOr(items, 16883, 'input to $map must be an array').map((item) => {
      variable.value = item;
      return body(root) ?? null;
    });
  };
};

const filter: Operator = (operand, compiler, name) => {
  const { input, variable, body, limit } = perItem(operand, compiler, name, 'cond', ['limit']);
  return (root) => {
    const items = input(root);
    if (isNullish(items)) return null;
    const list = arrayOr(items, 28651, 'input to $filter must be an array');
    const most = limit?.(root) ?? Infinity;
    const count = most === Infinity ? Infinity : positive(most, 327392, '$filter: limit');
    const kept: unknown[] = [];
    for (const item of list) {
      if (kept.length >= count) break;
      variable.value = item;
      if (isTrue(body(root))) kept.push(item);
    }
    return kept;
  };
};

const reduce: Operator = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ['input', 'initialValue', 'in']);
  const item: Variable = { value: undefined };
  const value: Variable = { value: undefined };
  const input = compiler.compile(fields.input);
  const initial = compiler.compile(fields.initialValue);
  const body = compiler.with({ this: item, value }).compile(fields.in);
  return (root) => {
    const items = input(root);
    if (isNullish(items)) return null;
    let result = initial(root);
    for (const member of arrayOr(items, 40080, "$reduce requires that 'input' be an array")) {
      item.value = member;
      value.value = result;
      result = body(root);
    }
    return result;
  };
};

function slice(values: unknown[]): unknown {
  const [items, first, second] = values;
  if (values.some(isNullish)) return null;
  const list = arrayOr(items, 28724, 'First argument to $slice must be an array');
  const start = wholeOperand(
    first,
    28726,
    'Second argument to $slice must be representable as a 32-bit integer',
  );
  if (values.length < 3) return start >= 0 ? list.slice(0, start) : list.slice(start);
  const count = positive(second, 28729, 'Third argument to $slice');
  const from = start < 0 ? Math.max(0, list.length + start) : start;
  return list.slice(from, from + count);
}

/** A positive integer operand. */
export function positive(value: unknown, code: number, what: string): number {
  const number = wholeOperand(value, code, `${what} must be representable as a 32-bit integer`);
  if (number <= 0) throw new ServerError(code, `${what} must be greater than 0, found: ${number}`);
  return number;
}

function range(values: unknown[]): unknown {
  const [start, end, step] = values.map((value, at) =>
    wholeOperand(value, [34443, 34445, 34448][at] ?? 34443, '$range requires 32-bit integers'),
  );
  const stride = step ?? 1;
  if (stride === 0) throw new ServerError(34449, '$range requires a non-zero step value');
  const made: number[] = [];
  for (let at = start ?? 0; stride > 0 ? at < (end ?? 0) : at > (end ?? 0); at += stride)
    made.push(at);
  return made;
}

function indexOfArray(values: unknown[], collation: Collation | undefined): unknown {
  const [items, wanted, from, to] = values;
  if (isNullish(items)) return null;
  const list = arrayOr(items, 40090, '$indexOfArray requires an array as a first argument');
  const start = from === undefined ? 0 : bound(from);
  const end = to === undefined ? list.length : Math.min(bound(to), list.length);
  for (let at = start; at < end; at++) if (equal(list[at], wanted, collation)) return at;
  return -1;
}

function bound(value: unknown): number {
  const number = wholeOperand(value, 40096, '$indexOfArray requires an integral starting index');
  if (number < 0)
    throw new ServerError(40097, '$indexOfArray requires a nonnegative starting index');
  return number;
}

const zip: Operator = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ['inputs'], ['useLongestLength', 'defaults']);
  if (!Array.isArray(fields.inputs))
    throw new ServerError(34461, 'inputs must be an array of expressions');
  if (fields.inputs.length === 0)
    throw new ServerError(34465, '$zip requires at least one input array');
  const inputs = fields.inputs.map((input) => compiler.compile(input));
  const defaults = Array.isArray(fields.defaults)
    ? fields.defaults.map((value) => compiler.compile(value))
    : [];
  const longest = fields.useLongestLength === true;
  if (defaults.length > 0 && !longest) {
    throw new ServerError(34466, 'cannot specify defaults unless useLongestLength is true');
  }
  return (root) => {
    const lists = inputs.map((input) => input(root));
    if (lists.some(isNullish)) return null;
    const arrays = lists.map((list) =>
      arrayOr(list, 34468, '$zip found a non-array expression in input'),
    );
    const lengths = arrays.map(({ length }) => length);
    const length = longest ? Math.max(0, ...lengths) : Math.min(...lengths);
    return Array.from({ length }, (_, at) =>
      arrays.map((array, which) =>
        at < array.length ? array[at] : (defaults[which]?.(root) ?? null),
      ),
    );
  };
};

const sortArray: Operator = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ['input', 'sortBy']);
  const input = compiler.compile(fields.input);
  const { sortBy } = fields;
  const { collation } = compiler;
  return (root) => {
    const items = input(root);
    if (isNullish(items)) return null;
    const list = arrayOr(items, 2942504, 'The input argument to $sortArray must be an array');
    if (isDoc(sortBy)) {
      const boxes = list.map((item): Doc => (isDoc(item) ? item : { '': item }));
      const order = new Map(boxes.map((box, at) => [box, list[at]]));
      return sortDocs(boxes, sortBy, collation).map((box) => order.get(box));
    }
    const direction = toNumber(sortBy);
    if (direction !== 1 && direction !== -1) {
      throw new ServerError(2942507, 'Invalid sortBy: must be 1, -1 or an object');
    }
    return list.toSorted((a, b) => direction * compare(a, b, collation));
  };
};

/** `$firstN`, `$lastN`, `$minN`, `$maxN` of an array. */
function pick(choose: (items: unknown[], n: number) => unknown[]): Operator {
  return (operand, compiler, name) => {
    const { n, input } = named(operand, compiler, name, ['n', 'input']);
    return (root) => {
      const count = positive(n?.(root), 5787902, `${name}: n`);
      return choose(arrayOr(input?.(root), 5788200, `${name}: input must be an array`), count);
    };
  };
}

/** The `n` least (direction 1) or greatest (-1) values; null and missing are left out. */
export function extremes(items: unknown[], n: number, direction: 1 | -1): unknown[] {
  const values = items.filter((item) => !isNullish(item));
  return values.sort((a, b) => direction * compare(a, b)).slice(0, n);
}

/** Members of a list without repetition, sorted in BSON order as MongoDB's sets come out. */
function distinct(items: unknown[], collation: Collation | undefined): unknown[] {
  const seen = new Map<string, unknown>();
  for (const item of items) {
    const key = keyOf(item, collation);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

/** An operator of a list of operands that compares by the collation of the command. */
function collated(
  apply: (values: unknown[], collation: Collation | undefined, name: string) => unknown,
  least = 0,
  most = Infinity,
): Operator {
  return (operand, compiler, name) =>
    variadic((values) => apply(values, compiler.collation, name), least, most)(
      operand,
      compiler,
      name,
    );
}

function setOperator(
  combine: (a: unknown[], b: unknown[], collation: Collation | undefined) => unknown[],
): Operator {
  return collated((values, collation, name) => {
    if (values.some(isNullish)) return null;
    const lists = values.map((value) =>
      arrayOr(value, 17043, `All operands of ${name} must be arrays`),
    );
    if (lists.length === 0) return [];
    const all = lists.reduce((a, b) => combine(a, b, collation));
    return distinct(all, collation).sort((a, b) => compare(a, b, collation));
  });
}

function keysOf(items: unknown[], collation: Collation | undefined): Set<string> {
  return new Set(items.map((item) => keyOf(item, collation)));
}

function setsOf([a, b]: unknown[], name: string, code: number): [unknown[], unknown[]] {
  const message = `both operands of ${name} must be arrays`;
  return [arrayOr(a, code, message), arrayOr(b, code, message)];
}

/** Array and set operators. */
export const arrayOperators: Readonly<Record<string, Operator>> = {
  $arrayElemAt: binary(elementAt),
  $concatArrays: variadic(concatArrays),
  $map: map,
  $filter: filter,
  $reduce: reduce,
  $slice: variadic(slice, 2, 3),
  $range: variadic(range, 2, 3),
  $indexOfArray: collated(indexOfArray, 2, 4),
  $zip: zip,
  $sortArray: sortArray,
  $first: unary((value) =>
    isNullish(value) ? null : arrayOr(value, 28689, "$first's argument must be an array")[0],
  ),
  $last: unary((value) =>
    isNullish(value) ? null : arrayOr(value, 28689, "$last's argument must be an array").at(-1),
  ),
  $firstN: pick((items, n) => items.slice(0, n)),
  $lastN: pick((items, n) => items.slice(-n)),
  $minN: pick((items, n) => extremes(items, n, 1)),
  $maxN: pick((items, n) => extremes(items, n, -1)),
  $size: unary((value) => arrayOr(value, 17124, 'The argument to $size must be an array').length),
  $isArray: unary((value) => Array.isArray(value)),
  $in: (operand, compiler, name) => {
    const [wanted, items] = operands(operand, compiler, name, 2);
    const { collation } = compiler;
    return (root) => {
      const value = wanted?.(root);
      const list = arrayOr(items?.(root), 40081, '$in requires an array as a second argument');
      return list.some((item) => equal(item, value, collation));
    };
  },
  $reverseArray: unary((value) =>
    isNullish(value)
      ? null
      : arrayOr(value, 34435, 'The argument to $reverseArray must be an array').toReversed(),
  ),
  $arrayToObject: unary((value) => (isNullish(value) ? null : arrayToObject(value))),
  $setUnion: setOperator((a, b) => [...a, ...b]),
  $setIntersection: setOperator((a, b, collation) => {
    const keys = keysOf(b, collation);
    return a.filter((item) => keys.has(keyOf(item, collation)));
  }),
  $setDifference: collated(
    (values, collation, name) => {
      if (values.some(isNullish)) return null;
      const [left, right] = setsOf(values, name, 17048);
      const keys = keysOf(right, collation);
      const rest = left.filter((item) => !keys.has(keyOf(item, collation)));
      return distinct(rest, collation);
    },
    2,
    2,
  ),
  $setEquals: collated((values, collation, name) => {
    const sets = values.map((value) =>
      keysOf(arrayOr(value, 17044, `All operands of ${name} must be arrays`), collation),
    );
    return sets.every(
      (set) => set.size === sets[0]?.size && [...set].every((key) => sets[0]?.has(key)),
    );
  }, 2),
  $setIsSubset: collated(
    (values, collation, name) => {
      const [left, right] = setsOf(values, name, 17046);
      const keys = keysOf(right, collation);
      return left.every((item) => keys.has(keyOf(item, collation)));
    },
    2,
    2,
  ),
  $allElementsTrue: unary((value) =>
    arrayOr(value, 17040, "$allElementsTrue's argument must be an array").every(isTrue),
  ),
  $anyElementTrue: unary((value) =>
    arrayOr(value, 17041, "$anyElementTrue's argument must be an array").some(isTrue),
  ),
};

function arrayToObject(value: unknown): Doc {
  const list = arrayOr(value, 40386, '$arrayToObject requires an array input');
  const made: Doc = {};
  for (const item of list) {
    const pair = Array.isArray(item) ? (item as unknown[]) : pairOf(item);
    if (Array.isArray(item) !== Array.isArray(list[0]) || pair.length !== 2) {
      throw new ServerError(
        40396,
        '$arrayToObject requires a consistent input format: all [key, value] or all {k, v}',
      );
    }
    const [key, member] = pair;
    if (typeof key !== 'string' || key.includes('\0')) {
      throw new ServerError(40394, '$arrayToObject requires strings without null bytes as keys');
    }
    put(made, key, member);
  }
  return made;
}

function pairOf(item: unknown): unknown[] {
  return isDoc(item) && 'k' in item && 'v' in item && Object.keys(item).length === 2
    ? [item.k, item.v]
    : [];
}
