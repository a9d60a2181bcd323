import { ServerError } from '../errors.ts';

/** Milliseconds since 1970 as a clock in some time zone would show them: UTC's calendar functions read its wall clock. */
export type Wall = number;

export const dayMillis = 86_400_000;

/** A time zone by its offset at an instant, in milliseconds east of UTC. */
export type Zone = (instant: number) => number;

const zones = new Map<string, Zone>();

/**
 * Reads a time zone: an Olson name, `UTC`, `GMT`, `Z`, or an offset as `+02`, `+0200`, `+02:00`.
 * @throws ServerError 40485 for an unknown one
 */
export function zoneNamed(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(name);
  const zone = offset
    ? fixedZone((offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0)))
    : /^(Z|UTC|GMT)$/.test(name)
      ? fixedZone(0)
      : olsonZone(name);
  zones.set(name, zone);
  return zone;
}

function fixedZone(minutes: number): Zone {
  return () => minutes * 60_000;
}

function olsonZone(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new ServerError(40485, `unrecognized time zone identifier: "${name}"`);
  }
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
    const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
    const shown = utc(
      year,
      number('month'),
      number('day'),
      number('hour'),
      number('minute'),
      number('second'),
    );
    return shown - Math.floor(instant / 1000) * 1000;
  };
}

/** The wall clock of a zone at an instant. */
export function toWall(instant: number, zone: Zone): Wall {
  return instant + zone(instant);
}

/** The instant at which a zone's clock shows a time; in a gap the clock before it counts on. */
export function fromWall(wall: Wall, zone: Zone): number {
  const guess = wall - zone(wall);
  const offset = zone(guess);
  const before = wall - offset;
  return zone(before) === offset ? before : wall - zone(wall - dayMillis);
}

/** Calendar fields to milliseconds; fields beyond their range carry over, and years below 100 are meant. */
export function utc(
  year: number,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
  millis = 0,
): Wall {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millis);
  return date.getTime();
}

/** Adds months; a day that the month does not have becomes its last. */
export function addMonths(wall: Wall, months: number): Wall {
  const date = new Date(wall);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(utc(date.getUTCFullYear(), date.getUTCMonth() + 2, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** Days since 1970 of a wall time. */
export function dayNumber(wall: Wall): number {
  return Math.floor(wall / dayMillis);
}

/** Monday 1 to Sunday 7. */
export function isoWeekday(wall: Wall): number {
  return new Date(wall).getUTCDay() || 7;
}

export function dayOfYear(wall: Wall): number {
  return dayNumber(wall) - dayNumber(utc(new Date(wall).getUTCFullYear())) + 1;
}

/** ISO 8601 week and the year it belongs to: the one that holds its Thursday. */
export function isoWeek(wall: Wall): { week: number; year: number } {
  const thursday = wall + (4 - isoWeekday(wall)) * dayMillis;
  return {
    week: Math.floor((dayOfYear(thursday) - 1) / 7) + 1,
    year: new Date(thursday).getUTCFullYear(),
  };
}

/** Weeks begin on Sundays; the days before the first Sunday are in week 0. */
export function sundayWeek(wall: Wall): number {
  return Math.floor((dayOfYear(wall) + 6 - new Date(wall).getUTCDay()) / 7);
}
