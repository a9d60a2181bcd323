// What anybody may do with jobs: ask for one, cancel one, have one run again.
import { EventEmitter } from 'node:events';
import { MongoServerError, ObjectId, type ClientSession, type Collection, type Db } from 'mongodb';
import type { Doc } from '../core/bson.ts';
import type { Context } from '../core/context.ts';
import type { JsonValue } from '../core/field.ts';
import { problem } from '../core/problems.ts';
import { within } from '../core/transaction.ts';
import { run, type Job } from './job.ts';

/** A job that is over can be looked at this long; as long its key is remembered. */
const keptMs = 7 * 24 * 60 * 60_000;

export const jobsOf = ({ db }: Pick<Context, 'db'>): Collection<Job> =>
  db.collection<Job>(run.collection);

/** What this process tells its own worker, so that nothing waits for the next look at the database. */
type Signals = EventEmitter<{ work: []; cancel: [id: string] }>;

const known = new WeakMap<Db, Signals>();

export const signalsOf = ({ db }: Pick<Context, 'db'>): Signals => {
  const signals: Signals = known.get(db) ?? new EventEmitter();
  known.set(db, signals);
  return signals;
};

/** Members of an update that every change of a job has: readers see by the revision that there was one. */
export const changed = ($set: Doc, $unset: readonly string[] = []) => ({
  $set: { ...$set, updatedAt: new Date() },
  $inc: { _rev: 1 },
  ...($unset.length > 0 && {
    $unset: Object.fromEntries($unset.map((name): [string, ''] => [name, ''])),
  }),
});

/** The update that ends a job. */
export const over = (state: 'done' | 'dead' | 'cancelled', more: Doc = {}) => {
  const now = Date.now();
  const times = { endedAt: new Date(now), expiresAt: new Date(now + keptMs) };
  return changed({ state, ...times, ...more }, ['due', 'lease', 'cancelling']);
};

/** The update that starts a job anew. */
const again = () =>
  changed({ state: 'waiting', attempts: 0, due: new Date() }, [
    'endedAt',
    'expiresAt',
    'error',
    'result',
    'progress',
  ]);

export interface Wanted {
  readonly kind: string;
  readonly input?: JsonValue;
  /** Of several jobs of a kind with one key only the first is made. */
  readonly key?: string;
  /** The job with this key runs again when it is dead. */
  readonly revive?: boolean;
  /** The trace it belongs to; its function sends it on. */
  readonly traceparent?: string | undefined;
  /** What the systems before noted of that trace. */
  readonly tracestate?: string | undefined;
}

const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === 11_000;

/** The job that has the key already. */
const takenBy = async (
  context: Context,
  unique: { readonly kind: string; readonly key: string },
  revive = false,
): Promise<Job | null> => {
  const jobs = jobsOf(context);
  const revived = revive
    ? await jobs.findOneAndUpdate({ ...unique, state: 'dead' }, again(), {
        returnDocument: 'after',
      })
    : null;
  return revived ?? jobs.findOne(unique, { maxTimeMS: context.config.limits.queryMs });
};

/**
 * Asks for a job. It runs soon, at least once, in this process or another copy of it.
 *
 * @param session the job is made if, and only if, this transaction is committed
 * @returns the new job, or the one that has the same key
 */
export const enqueue = async (
  context: Context,
  wanted: Wanted,
  session?: ClientSession,
): Promise<Job> => {
  const { kind, input = null, key, traceparent, tracestate } = wanted;
  const now = new Date();
  const made: Job = {
    _id: new ObjectId(),
    kind,
    ...(key !== undefined && { key }),
    state: 'waiting',
    attempts: 0,
    input,
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
    log: [],
    due: now,
    _rev: 1,
    createdAt: now,
    updatedAt: now,
  };
  let job: Job | null = made;
  try {
    await jobsOf(context).insertOne(made, within(session));
  } catch (error) {
    if (key === undefined || !isDuplicate(error)) throw error;
    job = await takenBy(context, { kind, key }, wanted.revive);
  }
  signalsOf(context).emit('work');
  // The other one has been removed in between: the key is free now.
  return job ?? enqueue(context, wanted, session);
};

/** Cancels a job: at once when it waits; when it runs, its function is told. @throws conflict when it is over */
export const cancel = async (context: Context, _id: ObjectId): Promise<Job> => {
  const jobs = jobsOf(context);
  const options = { returnDocument: 'after' } as const;
  const waiting = await jobs.findOneAndUpdate(
    { _id, state: 'waiting' },
    over('cancelled'),
    options,
  );
  if (waiting) return waiting;
  const told = changed({ cancelling: true });
  const running = await jobs.findOneAndUpdate({ _id, state: 'running' }, told, options);
  if (!running) throw problem('conflict', 'The run is over');
  signalsOf(context).emit('cancel', _id.toHexString());
  return running;
};

/** Starts a job anew that is over. @throws conflict when it is not */
export const retry = async (context: Context, _id: ObjectId): Promise<Job> => {
  const job = await jobsOf(context).findOneAndUpdate(
    { _id, state: { $in: ['done', 'dead', 'cancelled'] } },
    again(),
    { returnDocument: 'after' },
  );
  if (!job) throw problem('conflict', 'The run is not over yet');
  signalsOf(context).emit('work');
  return job;
};
