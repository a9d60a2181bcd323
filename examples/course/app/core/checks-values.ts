// The checks behind numbers, times, points and free JSON; see checks.ts for those of texts.
import { bad, first, shape, type Check } from './checks.ts';
import type { FieldSpec } from './field.ts';

/** Compares two values of one type; used for min and max of dates and decimals as well as numbers. */
const range = <T>(
  field: FieldSpec,
  compare: (value: T, limit: string | number) => number,
): Check<T> => {
  const { min, max } = field;
  return first<T>(
    min === undefined
      ? undefined
      : (v) => (compare(v, min) < 0 ? bad('min', `must be at least ${min}`) : undefined),
    max === undefined
      ? undefined
      : (v) => (compare(v, max) > 0 ? bad('max', `must be at most ${max}`) : undefined),
  );
};

export const number = (field: FieldSpec): Check<number> =>
  range(field, (value, limit) => value - Number(limit));

export const integer = (field: FieldSpec): Check<number> =>
  first(
    (value) => (Number.isSafeInteger(value) ? undefined : bad('type', 'must be a whole number')),
    number(field),
  );

const decimalPattern = /^-?(0|[1-9]\d{0,33})(\.\d{1,33})?$/;

/** Whether Decimal128 keeps the text digit for digit: at most 34 significant ones. */
const isDecimal = (value: string): boolean =>
  decimalPattern.test(value) && value.replace(/^-?(0\.0*)?|\./g, '').length <= 34;

/** Decimal texts as one scaled integer each, so that no digit is lost in the comparison. */
const scaled = (value: string): bigint => {
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(34, '0'));
};

export const decimal = (field: FieldSpec): Check<string> =>
  first(
    shape(isDecimal, 'a decimal number in quotes, like "12.30"'),
    range(field, (value, limit) => {
      const difference = scaled(value) - scaled(String(limit));
      return difference < 0n ? -1 : difference > 0n ? 1 : 0;
    }),
  );

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const datetimePattern =
  /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** A day that exists, in the years that four digits can write. */
const isDate = (value: string): boolean => {
  if (!datePattern.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
};

const isDatetime = (value: string): boolean =>
  datetimePattern.test(value) &&
  isDate(value.slice(0, 10)) &&
  /^\d{4}-/.test(new Date(Date.parse(value)).toISOString());

const when = (value: string, limit: string | number): number =>
  Date.parse(value) - Date.parse(String(limit));

export const date = (field: FieldSpec): Check<string> =>
  first(shape(isDate, 'a date like 2026-01-31'), range(field, when));

export const datetime = (field: FieldSpec): Check<string> =>
  first(shape(isDatetime, 'a time like 2026-01-31T12:00:00Z'), range(field, when));

export const point: Check<readonly number[]> = ([lng = 181, lat = 91]) =>
  Math.abs(lng) <= 180 && Math.abs(lat) <= 90
    ? undefined
    : bad('format', 'must be [longitude, latitude] within ±180 and ±90');

/** Free JSON: at most 200 keys in all; depth and dangerous keys are refused for the whole body, see body.ts. */
export const json: Check<unknown> = (value) => {
  if (value === null) return bad('type', 'must not be null');
  let keys = 0;
  const count = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (!Array.isArray(node)) keys += Object.keys(node).length;
    for (const child of Object.values(node)) count(child);
  };
  count(value);
  return keys > 200 ? bad('too_many_keys', 'must have at most 200 keys') : undefined;
};
