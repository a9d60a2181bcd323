// A job: work that outlives its request and, when need be, its process. Of all copies of the application one runs it.
import type { ObjectId } from 'mongodb';
import type { AppContext } from '../context.ts';
import type { JsonValue } from '../core/field.ts';
import { model, type Stored } from '../core/model.ts';
import { indexesOf, type Kept } from '../core/sync.ts';
import { runModel } from './model.ts';

/** A job as /api/runs shows it. */
export const run = model(runModel);

export type Job = Stored<typeof run> & {
  /** Made anew by each taking: who has another one has lost the job. */
  readonly lease?: ObjectId;
  /** A TTL index removes the job then. */
  readonly expiresAt?: Date;
};

/** The collection of jobs, for db:sync. */
export const jobQueue: Kept = {
  collection: run.collection,
  indexes: [
    ...indexesOf(run),
    {
      name: 'kind_key_unique',
      key: { kind: 1, key: 1 },
      options: { unique: true, partialFilterExpression: { key: { $exists: true } } },
    },
    { name: 'expires', key: { expiresAt: 1 }, options: { expireAfterSeconds: 0 } },
  ],
};

/** What the function of a job is given. It may run twice: when the process that ran it died before it could say so. */
export interface Run<Input extends JsonValue = JsonValue> {
  readonly id: string;
  readonly input: Input;
  /** The trace of the request that asked for it: to be sent on, in the header of this name, with calls to others. */
  readonly traceparent?: string | undefined;
  /** What goes with `traceparent`, unchanged. */
  readonly tracestate?: string | undefined;
  /** The first try is 1. */
  readonly attempt: number;
  readonly context: AppContext;
  /** Aborted when the run is cancelled, or the process stops: then leave, and let another process start it anew. */
  readonly signal: AbortSignal;
  /** Adds a line to what /api/runs/:id shows, and to the log of the process. */
  readonly log: (text: string) => Promise<void>;
  /** How much is done, from 0 to 1. */
  readonly progress: (done: number) => Promise<void>;
}

/** Thrown by the function of a job when another try would be of no use. */
export class Hopeless extends Error {
  override name = 'Hopeless';
}

/** One kind of jobs; listed in app/jobs.ts. */
export interface JobKind {
  /** How often it is tried before it is dead. */
  readonly attempts: number;
  /** Milliseconds between two runs that nobody asks for. */
  readonly everyMs?: number | undefined;
  /** What it returns is kept as the result; what it throws, as the error. */
  readonly run: (run: Run) => Promise<JsonValue | undefined>;
}
