// What only the process may do that has taken a job. Every write names the lease: whoever lost it changes nothing.
import { ObjectId } from 'mongodb';
import type { Context } from '../core/context.ts';
import type { JsonValue } from '../core/field.ts';
import type { Job } from './job.ts';
import { changed, jobsOf, over } from './queue.ts';

/**
 * A job whose process is silent for so long is taken by another one. The clocks of the copies may differ by less than
 * that; a renewal every three seconds keeps the lease.
 */
export const leaseMs = 30_000;

const longestPauseMs = 12 * 60 * 60_000;
const most = { lines: 200, letters: 2_000 };

/** Time and chance. Tests bring their own. */
export interface Nature {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
}

/**
 * The pause before the next try: `firstMs` × 1, 4, 16 and so on, up to twelve hours, of which up to a half is left out by
 * chance: what failed together shall not come back together.
 */
export const pauseMs = (attempts: number, firstMs: number, random: number): number =>
  Math.min(firstMs * 4 ** (attempts - 1), longestPauseMs) * (1 - random / 2);

/** A job that this process has taken. */
export type Lease = ReturnType<typeof leaseOf>;

const leaseOf = (context: Context, job: Job, lease: ObjectId, { now, random }: Nature) => {
  const jobs = jobsOf(context);
  const mine = { _id: job._id, lease };
  const inFuture = (ms: number) => new Date(now() + ms);
  return {
    job,
    async renew(): Promise<'held' | 'cancelling' | 'lost'> {
      const found = await jobs.findOneAndUpdate(
        mine,
        { $set: { due: inFuture(leaseMs) } },
        { projection: { cancelling: 1 } },
      );
      if (!found) return 'lost';
      return found.cancelling === true ? 'cancelling' : 'held';
    },
    async log(text: string): Promise<void> {
      const line = { at: new Date(), text: text.slice(0, most.letters) };
      await jobs.updateOne(mine, {
        ...changed({}),
        $push: { log: { $each: [line], $slice: -most.lines } },
      });
    },
    async progress(done: number): Promise<void> {
      await jobs.updateOne(mine, changed({ progress: Math.min(Math.max(done, 0), 1) }));
    },
    async done(result: JsonValue | undefined): Promise<void> {
      const outcome = { progress: 1, ...(result !== undefined && { result }) };
      await jobs.updateOne(mine, over('done', outcome));
    },
    async cancelled(): Promise<void> {
      await jobs.updateOne(mine, over('cancelled'));
    },
    async dead(error: string): Promise<void> {
      await jobs.updateOne(mine, over('dead', { error: error.slice(0, most.letters) }));
    },
    /** It is tried again after a pause. */
    async failed(error: string, firstMs: number): Promise<void> {
      const due = inFuture(pauseMs(job.attempts, firstMs, random()));
      const waiting = { state: 'waiting', due, error: error.slice(0, most.letters) };
      await jobs.updateOne(mine, changed(waiting, ['lease']));
    },
    /** Another process starts it anew, at once; this try does not count. */
    async handBack(): Promise<void> {
      const back = changed({ state: 'waiting', due: inFuture(0) }, ['lease']);
      await jobs.updateOne(mine, { ...back, $inc: { ...back.$inc, attempts: -1 } });
    },
  };
};

/** Takes the job that has been due longest, among them those whose process died; undefined when there is none. */
export const claim = async (
  context: Context,
  kinds: readonly string[],
  nature: Nature,
): Promise<Lease | undefined> => {
  const lease = new ObjectId();
  const now = nature.now();
  const taken = changed({
    state: 'running',
    lease,
    due: new Date(now + leaseMs),
    startedAt: new Date(now),
  });
  const job = await jobsOf(context).findOneAndUpdate(
    { due: { $lte: new Date(now) }, kind: { $in: kinds } },
    { ...taken, $inc: { ...taken.$inc, attempts: 1 } },
    { sort: { due: 1 }, returnDocument: 'after' },
  );
  return job ? leaseOf(context, job, lease, nature) : undefined;
};
