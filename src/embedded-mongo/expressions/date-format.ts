import { ServerError, unsupported } from '../errors.ts';
import {
  dayOfYear,
  fromWall,
  isoWeek,
  isoWeekday,
  sundayWeek,
  toWall,
  utc,
  type Zone,
} from '../values/time.ts';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/**
 * Writes a date by a format of `%` letters.
 * @throws ServerError 18536 for an unknown letter, 18537 for a year that has no four digits
 */
export function formatDate(instant: number, format: string, zone: Zone): string {
  const wall = toWall(instant, zone);
  const date = new Date(wall);
  const pad = (value: number, width: number) => {
    if (value >= 0 && value <= 9999) return String(value).padStart(width, '0');
    throw new ServerError(
      18537,
      `Could not convert date to string: date component was outside the supported range of 0-9999: ${value}`,
    );
  };
  const minutes = Math.round(zone(instant) / 60_000);
  return format.replace(/%(.?)/gs, (_, letter: string) => {
    switch (letter) {
      case '%':
        return '%';
      case 'Y':
        return pad(date.getUTCFullYear(), 4);
      case 'G':
        return pad(isoWeek(wall).year, 4);
      case 'm':
        return pad(date.getUTCMonth() + 1, 2);
      case 'b':
        return months[date.getUTCMonth()]?.slice(0, 3) ?? '';
      case 'B':
        return months[date.getUTCMonth()] ?? '';
      case 'd':
        return pad(date.getUTCDate(), 2);
      case 'H':
        return pad(date.getUTCHours(), 2);
      case 'M':
        return pad(date.getUTCMinutes(), 2);
      case 'S':
        return pad(date.getUTCSeconds(), 2);
      case 'L':
        return pad(date.getUTCMilliseconds(), 3);
      case 'j':
        return pad(dayOfYear(wall), 3);
      case 'w':
        return String(date.getUTCDay() + 1);
      case 'u':
        return String(isoWeekday(wall));
      case 'U':
        return pad(sundayWeek(wall), 2);
      case 'V':
        return pad(isoWeek(wall).week, 2);
      case 'z':
        return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60), 2)}${pad(Math.abs(minutes) % 60, 2)}`;
      case 'Z':
        return String(minutes);
      default:
        throw new ServerError(18536, `Invalid format character '%${letter}' in format string`);
    }
  });
}

function unreadable(text: string, why: string): ServerError {
  return new ServerError(241, `Error parsing date string '${text}'; ${why}`);
}

const iso =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[Tt ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Reads an ISO 8601 date, with its own offset or in the given zone.
 * @throws ServerError 241 for text that is no date, 238 for the other spellings of dates that MongoDB reads
 */
export function parseIso(text: string, zone: Zone | undefined): number {
  const parts = iso.exec(text);
  if (!parts) {
    if (Number.isNaN(Date.parse(text)))
      throw unreadable(
        text,
        '0: passing a time zone identifier as part of the string or an unreadable date',
      );
    throw unsupported(`A date string other than ISO 8601 (${text})`);
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', own] = parts;
  checkDate(text, Number(year), Number(month), Number(day));
  checkTime(text, [Number(hour), Number(minute), Number(second)]);
  if (own !== undefined && zone) {
    throw unreadable(
      text,
      `you cannot pass in a date/time string with time zone information ('${own}') together with a timezone argument`,
    );
  }
  const millis = Math.trunc(Number(`0.${fraction}`) * 1000 + 1e-6);
  const wall = utc(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  return own === undefined ? fromWall(wall, zone ?? (() => 0)) : wall - offsetMillis(own);
}

function checkDate(text: string, year: number, month: number, day: number): void {
  const date = new Date(utc(year, month, day));
  if (date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return;
  throw unreadable(text, 'the parsed date was invalid');
}

function checkTime(text: string, [hour, minute, second]: readonly number[]): void {
  if (Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59) return;
  throw unreadable(text, 'the parsed time was invalid');
}

function offsetMillis(text: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === '-' ? -minutes : minutes) * 60_000;
}

const letters: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  G: '\\d{4}',
  m: '\\d{1,2}',
  d: '\\d{1,2}',
  H: '\\d{1,2}',
  M: '\\d{1,2}',
  S: '\\d{1,2}',
  L: '\\d{1,3}',
  j: '\\d{1,3}',
  u: '[1-7]',
  V: '\\d{1,2}',
  z: 'Z|[+-]\\d{2}:?\\d{2}',
  Z: '[+-]\\d{1,4}',
  b: '[A-Za-z]{3}',
  B: '[A-Za-z]+',
};

/**
 * Reads a date by a format of `%` letters.
 * @throws ServerError 241 when the text does not follow the format, 18536 for an unknown letter
 */
export function parseFormatted(text: string, format: string, zone: Zone | undefined): number {
  const order: string[] = [];
  const pattern = format.replace(/%(.?)|[\^$\\.*+?()[\]{}|/]/gs, (found, letter?: string) => {
    if (letter === undefined) return `\\${found}`;
    if (letter === '%') return '%';
    const source = letters[letter];
    if (source === undefined) {
      throw new ServerError(18536, `Invalid format character '%${letter}' in format string`);
    }
    order.push(letter);
    return `(${source})`;
  });
  const found = new RegExp(`^${pattern}$`).exec(text);
  if (!found) throw unreadable(text, `does not match the format '${format}'`);
  return assemble(text, new Map(order.map((letter, at) => [letter, found[at + 1] ?? ''])), zone);
}

function assemble(text: string, fields: Map<string, string>, zone: Zone | undefined): number {
  const number = (letter: string, fallback: number) => Number(fields.get(letter) ?? fallback);
  const name = (fields.get('B') ?? fields.get('b'))?.toLowerCase();
  const named = months.findIndex((month) =>
    fields.has('B') ? month.toLowerCase() === name : month.slice(0, 3).toLowerCase() === name,
  );
  if (name !== undefined && named < 0) throw unreadable(text, 'unknown month');
  const month = name === undefined ? number('m', 1) : named + 1;
  // `%L` reads the digits of a fraction: `.81` is 810 ms.
  const millis = Number((fields.get('L') ?? '').padEnd(3, '0'));
  const time = [number('H', 0), number('M', 0), number('S', 0), millis] as const;
  checkTime(text, time);
  const wall = day(text, fields, number, month) + utc(1970, 1, 1, ...time);
  const offset = fields.get('z') ?? fields.get('Z');
  if (offset === undefined) return fromWall(wall, zone ?? (() => 0));
  if (zone) throw unreadable(text, 'time zone given twice');
  return wall - (fields.has('Z') ? Number(offset) * 60_000 : offsetMillis(offset));
}

function day(
  text: string,
  fields: Map<string, string>,
  number: (letter: string, fallback: number) => number,
  month: number,
): number {
  if (fields.has('G')) {
    const fourth = utc(number('G', 1970), 1, 4);
    return fourth + ((number('V', 1) - 1) * 7 + number('u', 1) - isoWeekday(fourth)) * 86_400_000;
  }
  if (!fields.has('Y')) throw unreadable(text, 'an incomplete date/time string has been found');
  if (fields.has('j')) return utc(number('Y', 1970), 1, number('j', 1));
  checkDate(text, number('Y', 1970), month, number('d', 1));
  return utc(number('Y', 1970), month, number('d', 1));
}
