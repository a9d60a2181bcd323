import { Long, ObjectId, Timestamp } from 'mongodb';

import { ServerError, failedToParse } from '../errors.ts';
import type { Compiler, Expression, Operator } from './expressions.ts';
import { formatDate, parseFormatted, parseIso } from './date-format.ts';
import { isNullish, named } from './operands.ts';
import { isDoc, isNumber, typeOf } from '../values/values.ts';
import { toNumber } from '../values/arithmetic.ts';
import {
  addMonths,
  dayMillis,
  dayNumber,
  dayOfYear,
  fromWall,
  isoWeek,
  isoWeekday,
  sundayWeek,
  toWall,
  utc,
  zoneNamed,
  type Wall,
  type Zone,
} from '../values/time.ts';

/** Reads a date from a string as `$toDate` does. */
export function parseDate(text: string): Date {
  return new Date(parseIso(text, undefined));
}

function instantOf(value: unknown, name: string): number {
  if (value instanceof Date) return value.getTime();
  if (value instanceof ObjectId) return value.getTimestamp().getTime();
  if (value instanceof Timestamp) return value.t * 1000;
  throw new ServerError(16006, `can't convert from BSON type ${typeOf(value)} to Date (${name})`);
}

function zoneOf(value: unknown): Zone {
  if (typeof value !== 'string') {
    throw new ServerError(40517, `timezone must evaluate to a string, found ${typeOf(value)}`);
  }
  return zoneNamed(value);
}

const utcZone: Zone = () => 0;

/** `$year` and its kin: `{$year: date}` or `{$year: {date, timezone}}`. */
function part(read: (wall: Wall) => unknown): Operator {
  return (operand, compiler, name) => {
    const only: unknown = Array.isArray(operand) && operand.length === 1 ? operand[0] : operand;
    const isNamed = isDoc(only) && !Object.keys(only)[0]?.startsWith('$');
    const { date, timezone } = isNamed
      ? named(only, compiler, name, ['date'], ['timezone'])
      : { date: compiler.compile(only), timezone: undefined };
    return (root) => {
      const value = date?.(root);
      const zone = timezone ? timezone(root) : 'UTC';
      if (isNullish(value) || isNullish(zone)) return null;
      return read(toWall(instantOf(value, name), zoneOf(zone)));
    };
  };
}

const year = (wall: Wall) => new Date(wall).getUTCFullYear();
const month = (wall: Wall) => new Date(wall).getUTCMonth() + 1;

/** An operator of named operands, all evaluated; null or missing ones among `needed` make the result null. */
function withNames(
  needed: readonly string[],
  optional: readonly string[],
  apply: (values: Record<string, unknown>, name: string) => unknown,
): Operator {
  return (operand, compiler, name) => {
    const members = evaluator(named(operand, compiler, name, needed, optional));
    return (root) => {
      const values = members(root);
      const given = [...needed, 'timezone'].filter((key) => key in values);
      return given.some((key) => isNullish(values[key])) ? null : apply(values, name);
    };
  };
}

function evaluator(
  members: Record<string, Expression | undefined>,
): (root: Parameters<Expression>[0]) => Record<string, unknown> {
  const entries = Object.entries(members);
  return (root) => Object.fromEntries(entries.map(([key, member]) => [key, member?.(root)]));
}

function zoneIn(values: Record<string, unknown>): Zone {
  return values.timezone === undefined ? utcZone : zoneOf(values.timezone);
}

function toParts(values: Record<string, unknown>, name: string): unknown {
  if ('iso8601' in values && isNullish(values.iso8601)) return null;
  const wall = toWall(instantOf(values.date, name), zoneIn(values));
  const date = new Date(wall);
  const time = {
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millisecond: date.getUTCMilliseconds(),
  };
  if (values.iso8601 === true) {
    const iso = isoWeek(wall);
    return { isoWeekYear: iso.year, isoWeek: iso.week, isoDayOfWeek: isoWeekday(wall), ...time };
  }
  return { year: year(wall), month: month(wall), day: date.getUTCDate(), ...time };
}

const fromParts: Operator = (operand, compiler, name) => {
  const time = ['hour', 'minute', 'second', 'millisecond', 'timezone'];
  const iso = isDoc(operand) && 'isoWeekYear' in operand;
  const members = evaluator(
    iso
      ? named(operand, compiler, name, ['isoWeekYear'], ['isoWeek', 'isoDayOfWeek', ...time])
      : named(operand, compiler, name, ['year'], ['month', 'day', ...time]),
  );
  return (root) => {
    const values = members(root);
    if (Object.values(values).some(isNullish)) return null;
    const number = (key: string, fallback: number) => partNumber(values[key] ?? fallback, key);
    const day = iso
      ? isoDay(number('isoWeekYear', 1970), number('isoWeek', 1), number('isoDayOfWeek', 1))
      : utc(number('year', 1970), number('month', 1), number('day', 1));
    const wall =
      day +
      number('hour', 0) * 3_600_000 +
      number('minute', 0) * 60_000 +
      number('second', 0) * 1000 +
      number('millisecond', 0);
    return new Date(fromWall(wall, zoneIn(values)));
  };
};

function isoDay(isoYear: number, week: number, weekday: number): Wall {
  const fourth = utc(isoYear, 1, 4);
  return fourth + ((week - 1) * 7 + weekday - isoWeekday(fourth)) * dayMillis;
}

function partNumber(value: unknown, key: string): number {
  const number = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number)) {
    throw new ServerError(40515, `'${key}' must evaluate to an integer, found ${typeOf(value)}`);
  }
  if ((key === 'year' || key === 'isoWeekYear') && (number < 1 || number > 9999)) {
    throw new ServerError(
      40523,
      `'${key}' must evaluate to an integer in the range 1 to 9999, found ${number}`,
    );
  }
  if (number < -32768 || number > 32767) {
    throw new ServerError(
      31034,
      `'${key}' must evaluate to a value in the range [-32768, 32767]; value ${number}`,
    );
  }
  return number;
}

const toText: Operator = (operand, compiler, name) => {
  const { date, format, timezone, onNull } = named(
    operand,
    compiler,
    name,
    ['date'],
    ['format', 'timezone', 'onNull'],
  );
  return (root) => {
    const value = date?.(root);
    if (isNullish(value)) return onNull ? onNull(root) : null;
    const zone = timezone ? timezone(root) : 'UTC';
    const pattern = format ? format(root) : defaultFormat(timezone ? zone : undefined);
    if (isNullish(zone) || isNullish(pattern)) return null;
    if (typeof pattern !== 'string') {
      throw new ServerError(
        18533,
        `$dateToString requires that 'format' be a string, found: ${typeOf(pattern)}`,
      );
    }
    return formatDate(instantOf(value, name), pattern, zoneOf(zone));
  };
};

function defaultFormat(zone: unknown): string {
  return zone === undefined || zone === 'UTC' ? '%Y-%m-%dT%H:%M:%S.%LZ' : '%Y-%m-%dT%H:%M:%S.%L';
}

const fromText: Operator = (operand, compiler, name) => {
  const { dateString, format, timezone, onNull, onError } = named(
    operand,
    compiler,
    name,
    ['dateString'],
    ['format', 'timezone', 'onNull', 'onError'],
  );
  return (root) => {
    const text = dateString?.(root);
    if (isNullish(text)) return onNull ? onNull(root) : null;
    const zone = timezone ? timezone(root) : undefined;
    const pattern = format ? format(root) : undefined;
    if (zone === null || pattern === null) return null;
    try {
      if (typeof text !== 'string') {
        throw new ServerError(
          241,
          `$dateFromString requires that 'dateString' be a string, found: ${typeOf(text)}`,
        );
      }
      const chosen = zone === undefined ? undefined : zoneOf(zone);
      return new Date(
        typeof pattern === 'string'
          ? parseFormatted(text, pattern, chosen)
          : parseIso(text, chosen),
      );
    } catch (error) {
      if (onError && error instanceof ServerError && error.code === 241) return onError(root);
      throw error;
    }
  };
};

const fixedUnits: Readonly<Record<string, number>> = {
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
};
const monthUnits: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };
const dayUnits: Readonly<Record<string, number>> = { week: 7, day: 1 };

function unitOf(value: unknown, name: string): string {
  if (typeof value !== 'string') {
    throw new ServerError(
      5439013,
      `${name} requires 'unit' to be a string, but got ${typeOf(value)}`,
    );
  }
  if (!(value in fixedUnits || value in monthUnits || value in dayUnits)) {
    throw failedToParse(
      `${name} parameter 'unit' value cannot be recognized as a time unit: ${value}`,
    );
  }
  return value;
}

/** Adds an amount of a unit in a zone: days and longer by the calendar, shorter ones by elapsed time. */
export function addUnits(instant: number, unit: string, amount: number, zone: Zone): number {
  const fixed = fixedUnits[unit];
  if (fixed !== undefined) return instant + amount * fixed;
  const wall = toWall(instant, zone);
  const months = monthUnits[unit];
  const moved =
    months === undefined
      ? wall + amount * (dayUnits[unit] ?? 1) * dayMillis
      : addMonths(wall, amount * months);
  return moved === wall ? instant : fromWall(moved, zone);
}

function adding(sign: 1 | -1): Operator {
  return withNames(['startDate', 'unit', 'amount'], ['timezone'], (values, name) => {
    const amount = isNumber(values.amount) ? toNumber(values.amount) : Number.NaN;
    if (!Number.isInteger(amount))
      throw new ServerError(5166405, `${name} expects integer amount of time units`);
    const start = instantOf(values.startDate, name);
    const date = new Date(
      addUnits(start, unitOf(values.unit, name), sign * amount, zoneIn(values)),
    );
    if (Number.isNaN(date.getTime())) throw new ServerError(5166406, `${name} overflowed`);
    return date;
  });
}

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function startOfWeek(value: unknown, name: string): number {
  if (value === undefined) return 0;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  const day = weekdays.findIndex((weekday) => weekday === text || weekday.slice(0, 3) === text);
  if (day < 0) {
    throw failedToParse(
      `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${String(value)}`,
    );
  }
  return day;
}

/** Weeks since 1970, each beginning on `first` (0 is Sunday); 1970-01-01 was a Thursday. */
function weekNumber(wall: Wall, first: number): number {
  return Math.floor((dayNumber(wall) + 4 - first) / 7);
}

function difference(values: Record<string, unknown>, name: string): unknown {
  const unit = unitOf(values.unit, name);
  const zone = zoneIn(values);
  const start = instantOf(values.startDate, name);
  const end = instantOf(values.endDate, name);
  const fixed = fixedUnits[unit];
  if (fixed !== undefined) {
    const phase = zone(start) % fixed;
    return Long.fromNumber(Math.floor((end + phase) / fixed) - Math.floor((start + phase) / fixed));
  }
  const [from, to] = [toWall(start, zone), toWall(end, zone)];
  const first = startOfWeek(values.startOfWeek, name);
  const months = monthUnits[unit];
  const count = (wall: Wall) =>
    months === undefined
      ? unit === 'day'
        ? dayNumber(wall)
        : weekNumber(wall, first)
      : Math.floor((year(wall) * 12 + month(wall) - 1) / months);
  return Long.fromNumber(count(to) - count(from));
}

function truncated(values: Record<string, unknown>, name: string): unknown {
  const unit = unitOf(values.unit, name);
  const size = values.binSize === undefined ? 1 : toNumber(values.binSize);
  if (!Number.isInteger(size) || size <= 0) {
    throw new ServerError(
      5439018,
      `${name} requires 'binSize' to be greater than 0, but got value ${size}`,
    );
  }
  const zone = zoneIn(values);
  const instant = instantOf(values.date, name);
  const base = utc(2000);
  const floor = (distance: number) => Math.floor(distance / size) * size;
  const fixed = fixedUnits[unit];
  if (fixed !== undefined) {
    const origin = fromWall(base, zone);
    return new Date(origin + floor(Math.floor((instant - origin) / fixed)) * fixed);
  }
  const wall = toWall(instant, zone);
  const months = monthUnits[unit];
  if (months !== undefined) {
    const passed = Math.floor(((year(wall) - 2000) * 12 + month(wall) - 1) / months);
    return new Date(fromWall(addMonths(base, floor(passed) * months), zone));
  }
  const days = dayUnits[unit] ?? 1;
  const first = startOfWeek(values.startOfWeek, name);
  const origin = unit === 'week' ? base + ((first + 1) % 7) * dayMillis : base;
  const passed = Math.floor((dayNumber(wall) - dayNumber(origin)) / days);
  return new Date(fromWall(origin + floor(passed) * days * dayMillis, zone));
}

/** Date operators. */
export const dateOperators: Readonly<Record<string, Operator>> = {
  $year: part(year),
  $month: part(month),
  $dayOfMonth: part((wall) => new Date(wall).getUTCDate()),
  $dayOfWeek: part((wall) => new Date(wall).getUTCDay() + 1),
  $dayOfYear: part(dayOfYear),
  $hour: part((wall) => new Date(wall).getUTCHours()),
  $minute: part((wall) => new Date(wall).getUTCMinutes()),
  $second: part((wall) => new Date(wall).getUTCSeconds()),
  $millisecond: part((wall) => new Date(wall).getUTCMilliseconds()),
  $week: part(sundayWeek),
  $isoWeek: part((wall) => isoWeek(wall).week),
  $isoWeekYear: part((wall) => Long.fromNumber(isoWeek(wall).year)),
  $isoDayOfWeek: part(isoWeekday),
  $dateToParts: withNames(['date'], ['timezone', 'iso8601'], toParts),
  $dateFromParts: fromParts,
  $dateToString: toText,
  $dateFromString: fromText,
  $dateAdd: adding(1),
  $dateSubtract: adding(-1),
  $dateDiff: withNames(['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek'], difference),
  $dateTrunc: withNames(['date', 'unit'], ['binSize', 'timezone', 'startOfWeek'], truncated),
  $tsSecond: timestampPart((value) => Long.fromNumber(value.t)),
  $tsIncrement: timestampPart((value) => Long.fromNumber(value.i)),
};

function timestampPart(read: (value: Timestamp) => Long): Operator {
  return (operand: unknown, compiler: Compiler, name: string) => {
    const value = compiler.compile(operand);
    return (root) => {
      const stamp = value(root);
      if (isNullish(stamp)) return null;
      if (!(stamp instanceof Timestamp)) {
        throw new ServerError(
          5687301,
          `${name} requires a timestamp argument, found: ${typeOf(stamp)}`,
        );
      }
      return read(stamp);
    };
  };
}
