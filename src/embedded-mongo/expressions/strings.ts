import { Binary } from 'mongodb';

import { ServerError } from '../errors.ts';
import type { Doc } from '../values/bson.ts';
import type { Expression, Operator } from './expressions.ts';
import { wholeOperand } from './arrays.ts';
import { binary, isNullish, named, unary, variadic } from './operands.ts';
import { toText } from './types.ts';
import { compileRegex } from '../query/match-regex.ts';
import { compareStrings, regexParts, typeOf } from '../values/values.ts';

function concat(values: unknown[]): unknown {
  let text = '';
  for (const value of values) {
    if (isNullish(value)) return null;
    if (typeof value !== 'string') {
      throw new ServerError(16702, `$concat only supports strings, not ${typeOf(value)}`);
    }
    text += value;
  }
  return text;
}

/** What `$toLower`, `$toUpper`, `$substr`, `$strcasecmp` make of their operand: null becomes the empty string. */
function coerced(value: unknown, name: string): string {
  if (isNullish(value)) return '';
  const text = ['bool', 'objectId', 'binData'].includes(typeOf(value)) ? undefined : toText(value);
  if (text === undefined) {
    throw new ServerError(
      16007,
      `can't convert from BSON type ${typeOf(value)} to String (${name})`,
    );
  }
  return text;
}

function stringOr(value: unknown, code: number, message: string): string {
  if (typeof value !== 'string') throw new ServerError(code, `${message}, found: ${typeOf(value)}`);
  return value;
}

/** Upper and lower case change ASCII letters only, as in MongoDB. */
const lower = (text: string) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
const upper = (text: string) => text.replace(/[a-z]+/g, (part) => part.toUpperCase());

function substringBytes(values: unknown[], name: string): string {
  const bytes = Buffer.from(coerced(values[0], name));
  const start = Math.trunc(Number(values[1]));
  const length = Math.trunc(Number(values[2]));
  if (Number.isNaN(start)) {
    throw new ServerError(
      16034,
      `${name}: starting index must be a numeric type (is BSON type ${typeOf(values[1])})`,
    );
  }
  if (Number.isNaN(length)) {
    throw new ServerError(
      16035,
      `${name}: length must be a numeric type (is BSON type ${typeOf(values[2])})`,
    );
  }
  if (start < 0)
    throw new ServerError(50752, `${name}: starting index must be non-negative (got: ${start})`);
  const end = length < 0 ? bytes.length : start + length;
  if (isContinuation(bytes[start])) {
    throw new ServerError(
      28656,
      `${name}: Invalid range, starting index is a UTF-8 continuation byte.`,
    );
  }
  if (isContinuation(bytes[end])) {
    throw new ServerError(
      28657,
      `${name}: Invalid range, ending index is in the middle of a UTF-8 character.`,
    );
  }
  return bytes.toString('utf8', Math.min(start, bytes.length), Math.min(end, bytes.length));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function substringPoints(values: unknown[], name: string): string {
  const points = Array.from(coerced(values[0], name));
  const start = wholeOperand(values[1], 34450, `${name}: starting index must be a numeric type`);
  const length = wholeOperand(values[2], 34452, `${name}: length must be a numeric type`);
  if (start < 0)
    throw new ServerError(34455, `${name}: the starting index must be a non-negative integer`);
  if (length < 0) throw new ServerError(34454, `${name}: length must be a non-negative integer`);
  return points.slice(start, start + length).join('');
}

function indexOf(units: 'bytes' | 'points'): Operator {
  return variadic(
    (values, name) => {
      const [text, wanted, from, to] = values;
      if (isNullish(text)) return null;
      const hay = stringOr(
        text,
        units === 'bytes' ? 40091 : 40093,
        `${name} requires a string as the first argument`,
      );
      const needle = stringOr(
        wanted,
        units === 'bytes' ? 40092 : 40094,
        `${name} requires a string as the second argument`,
      );
      const split = (value: string): (string | number)[] =>
        units === 'bytes' ? [...Buffer.from(value)] : Array.from(value);
      const items = split(hay);
      const parts = split(needle);
      const start = from === undefined ? 0 : index(from, name);
      const end = to === undefined ? items.length : Math.min(index(to, name), items.length);
      for (let at = start; at + parts.length <= end; at++) {
        if (parts.every((part, offset) => items[at + offset] === part)) return at;
      }
      return -1;
    },
    2,
    4,
  );
}

function index(value: unknown, name: string): number {
  const place = wholeOperand(value, 40096, `${name} requires an integral index`);
  if (place < 0) throw new ServerError(40097, `${name} requires a nonnegative index`);
  return place;
}

function split(value: unknown, separator: unknown): unknown {
  if (isNullish(value) || isNullish(separator)) return null;
  const text = stringOr(
    value,
    40085,
    '$split requires an expression that evaluates to a string as a first argument',
  );
  const by = stringOr(
    separator,
    40086,
    '$split requires an expression that evaluates to a string as a second argument',
  );
  if (by === '') throw new ServerError(40087, '$split requires a non-empty separator');
  return text.split(by);
}

const whitespace =
  '\u0000 \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

function trim(left: boolean, right: boolean): Operator {
  return (operand, compiler, name) => {
    const { input, chars } = named(operand, compiler, name, ['input'], ['chars']);
    return (root) => {
      const text = input?.(root);
      const set = chars ? chars(root) : whitespace;
      if (isNullish(text) || isNullish(set)) return null;
      const points = Array.from(stringOr(text, 50699, `${name} requires its input to be a string`));
      const unwanted = new Set(
        Array.from(stringOr(set, 50700, `${name} requires 'chars' to be a string`)),
      );
      let start = 0;
      let end = points.length;
      while (left && start < end && unwanted.has(points[start] ?? '')) start++;
      while (right && end > start && unwanted.has(points[end - 1] ?? '')) end--;
      return points.slice(start, end).join('');
    };
  };
}

function replacing(everywhere: boolean): Operator {
  return (operand, compiler, name) => {
    const { input, find, replacement } = named(operand, compiler, name, [
      'input',
      'find',
      'replacement',
    ]);
    return (root) => {
      const values = [input?.(root), find?.(root), replacement?.(root)];
      const [text, wanted, other] = values.map((value, at) =>
        isNullish(value)
          ? null
          : stringOr(
              value,
              51746 - at,
              `${name} requires that '${['input', 'find', 'replacement'][at]}' be a string`,
            ),
      );
      if (isNullish(text) || isNullish(wanted) || isNullish(other)) return null;
      return everywhere ? text.replaceAll(wanted, () => other) : text.replace(wanted, () => other);
    };
  };
}

interface Found {
  match: string;
  idx: number;
  captures: (string | null)[];
}

function regexOperator(
  answer: (found: IterableIterator<Found>) => unknown,
  none: unknown,
): Operator {
  return (operand, compiler, name) => {
    const { input, regex, options } = named(
      operand,
      compiler,
      name,
      ['input', 'regex'],
      ['options'],
    );
    return (root) => {
      const text = input?.(root);
      const compiled = regexFrom(regex?.(root), options, root, name);
      if (isNullish(text) || !compiled) return none;
      return answer(
        matches(stringOr(text, 51104, `${name} needs 'input' to be of type string`), compiled),
      );
    };
  };
}

function regexFrom(
  value: unknown,
  options: Expression | undefined,
  root: Doc,
  name: string,
): RegExp | undefined {
  if (isNullish(value)) return undefined;
  const flags = options?.(root);
  if (!isNullish(flags) && typeof flags !== 'string') {
    throw new ServerError(51106, `${name} needs 'options' to be of type string`);
  }
  if (typeof value === 'string') return compileRegex(value, flags ?? '');
  if (typeOf(value) !== 'regex') {
    throw new ServerError(51105, `${name} needs 'regex' to be of type string or regex`);
  }
  const [pattern, own] = regexParts(value);
  if (own !== '' && flags) {
    throw new ServerError(
      51107,
      `${name}: found regex option(s) specified in both 'regex' and 'option' fields`,
    );
  }
  return compileRegex(pattern, own || (flags ?? ''));
}

function* matches(text: string, regex: RegExp): IterableIterator<Found> {
  for (const found of text.matchAll(new RegExp(regex.source, `${regex.flags}g`))) {
    const [match, ...captures] = found;
    const idx = Array.from(text.slice(0, found.index)).length;
    yield { match, idx, captures: captures.map((capture: string | undefined) => capture ?? null) };
    // MongoDB begins no search at the end of the text: an empty match there is not found after another one.
    if (found.index + Math.max(match.length, 1) >= text.length) return;
  }
}

function length(count: (text: string) => number, code: number): Operator {
  return unary((value, name) => count(stringOr(value, code, `${name} requires a string argument`)));
}

/** String operators. */
export const stringOperators: Readonly<Record<string, Operator>> = {
  $concat: variadic(concat),
  $toLower: unary((value, name) => lower(coerced(value, name))),
  $toUpper: unary((value, name) => upper(coerced(value, name))),
  $strcasecmp: binary((a, b, name) =>
    compareStrings(upper(coerced(a, name)), upper(coerced(b, name))),
  ),
  $substr: variadic(substringBytes, 3, 3),
  $substrBytes: variadic(substringBytes, 3, 3),
  $substrCP: variadic(substringPoints, 3, 3),
  $indexOfBytes: indexOf('bytes'),
  $indexOfCP: indexOf('points'),
  $binarySize: unary((value, name) => {
    if (isNullish(value)) return null;
    if (typeof value === 'string') return Buffer.byteLength(value);
    if (value instanceof Binary) return value.length();
    throw new ServerError(
      51276,
      `${name} requires a string or BinData argument, found: ${typeOf(value)}`,
    );
  }),
  $strLenBytes: length((text) => Buffer.byteLength(text), 34473),
  $strLenCP: length((text) => Array.from(text).length, 34471),
  $split: binary(split),
  $trim: trim(true, true),
  $ltrim: trim(true, false),
  $rtrim: trim(false, true),
  $replaceOne: replacing(false),
  $replaceAll: replacing(true),
  $regexMatch: regexOperator((found) => found.next().done !== true, false),
  $regexFind: regexOperator((found) => {
    const first = found.next();
    return first.done === true ? null : first.value;
  }, null),
  $regexFindAll: regexOperator((found) => [...found], []),
};
