// Runs that nobody asks for: every five minutes, every day. Nothing has to be kept in step between the copies of the
// application: all of them ask for a run with the same key, and the first gets it.
import type { Context } from '../core/context.ts';
import type { JobKind } from './job.ts';
import { enqueue } from './queue.ts';

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text);

/** `5m`, `2h`, `1d` in milliseconds. @throws for anything else: it is a mistake in the code */
export const everyMs = (text: string): number => {
  const [, count = '', unit = ''] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  if (!isUnit(unit)) throw new Error(`${text} is not like 5m, 2h or 1d`);
  return Number(count) * units[unit];
};

/** A moment that passed while no copy was running (a deployment) is made up for when it is not older than this. */
const graceMs = 10 * 60_000;

/**
 * Looks which moments have come since it looked last, and asks for their runs. Moments are whole multiples of the
 * interval since 1970, in UTC: `1d` is midnight.
 *
 * @param started milliseconds since 1970
 */
export const schedule = (
  context: Context,
  kinds: ReadonlyMap<string, JobKind>,
  started: number,
) => {
  let seen = started - graceMs;
  return async (now: number): Promise<void> => {
    for (const [kind, { everyMs: interval }] of kinds) {
      if (interval === undefined) continue;
      const moment = Math.floor(now / interval) * interval;
      if (moment > seen) await enqueue(context, { kind, key: new Date(moment).toISOString() });
    }
    seen = now;
  };
};
