// Who is told of every change of a document as a part of it: both are in the database, or neither, where the server has
// transactions. What a witness writes is there when the change is, even if the process dies a moment later.
import type { ClientSession } from 'mongodb';
import type { Doc } from './bson.ts';
import type { Context } from './context.ts';
import type { Model } from './model.ts';
import type { ReadOptions } from './service.ts';
import { atomically } from './transaction.ts';

/** The trace (W3C Trace Context) of the request that asked for something, when it had one. */
export interface Traced {
  /** Its `traceparent`. */
  readonly trace?: string | undefined;
  /** Its `tracestate`, unchanged. */
  readonly tracestate?: string | undefined;
}

/** What happened to some documents of one model, in stored form; deleted ones as they were. */
export interface Change extends Traced {
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly model: Model;
  readonly documents: readonly Doc[];
}

export type Witness = (
  context: Context,
  change: Change,
  session: ClientSession | undefined,
) => Promise<void>;

/** What the options of a write say of its trace. */
export const tracedBy = ({ comment: trace, tracestate }: ReadOptions): Traced => ({
  trace,
  tracestate,
});

export const isWatched = ({ witnesses = [] }: Context): boolean => witnesses.length > 0;

/** Tells the witnesses, within the transaction of the change. */
export const tell = async (
  context: Context,
  change: Change,
  session: ClientSession | undefined,
): Promise<void> => {
  if (change.documents.length === 0) return;
  for (const witness of context.witnesses ?? []) await witness(context, change, session);
};

/** Runs a write of one document: in a transaction when there is a witness to tell, else on its own. */
export const written = <T>(
  context: Context,
  write: (session: ClientSession | undefined) => Promise<T>,
): Promise<T> => (isWatched(context) ? atomically(context, write) : write(undefined));
