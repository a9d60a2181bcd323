// The writes of a service: validated, guarded by the revision, one atomic command for each document.
import { MongoServerError, ObjectId, type ClientSession, type Collection } from 'mongodb';
import type { Codec, Doc } from './bson.ts';
import type { Context } from './context.ts';
import { consequences } from './deletion.ts';
import { duplicateProblem } from './errors.ts';
import { failedIndex } from './failed-index.ts';
import { intake, same, type Draft } from './input.ts';
import type { Model } from './model.ts';
import { problem } from './problems.ts';
import { admits, revisionOf, staleProblem, unchanged } from './revision.ts';
import type { CreateOptions, Guard, Hooks, ReadOptions } from './service.ts';
import { atomically, within } from './transaction.ts';
import { tell, tracedBy, written as writing, type Change } from './witness.ts';

/** How often a change is tried again when others change the same document in between. */
const mostTries = 5;

interface Parts {
  readonly context: Context;
  readonly model: Model;
  readonly hooks: Hooks<Doc>;
  readonly collection: Collection;
  readonly convert: Codec;
  /** The stored document; throws not_found. */
  readonly find: (id: ObjectId, options: ReadOptions) => Promise<Doc>;
}

/** A document with what the server adds to a new one. */
const born = (_id: ObjectId, stored: Doc): Doc & { _id: ObjectId } => {
  const now = new Date();
  return { _id, ...stored, _rev: 1, createdAt: now, updatedAt: now };
};

export const writes = ({ context, model, hooks, collection, convert, find }: Parts) => {
  const accept = intake(context, model);
  const fields = Object.keys(model.fields);
  const maxTimeMS = context.config.limits.queryMs;

  /** Checked documents in stored form, after the project's own say. */
  const prepare = async (drafts: readonly Draft[]): Promise<Doc[]> => {
    const accepted = await accept(drafts);
    for (const [i, stored] of accepted.entries()) {
      await hooks.beforeWrite?.(stored, drafts[i]?.current?.stored);
    }
    return accepted;
  };

  const prepareOne = async (draft: Draft): Promise<Doc> => {
    const [document] = await prepare([draft]);
    if (document === undefined) throw new Error('a draft gave no document');
    return document;
  };

  const told = (
    kind: Change['kind'],
    documents: readonly Doc[],
    options: ReadOptions,
    session?: ClientSession,
  ) => tell(context, { kind, model, documents, ...tracedBy(options) }, session);

  const failed = (error: unknown, index?: number): never => {
    if (!(error instanceof MongoServerError) || error.code !== 11_000) throw error;
    throw duplicateProblem(model, error, index);
  };

  const insert = async (
    input: Doc,
    { signal, attempt, ...traced }: CreateOptions = {},
    _id = attempt?.ids[0] ?? new ObjectId(),
    owned?: Doc,
  ): Promise<Doc> => {
    const document = born(_id, await prepareOne({ input, ...(owned && { owned }) }));
    signal?.throwIfAborted();
    await writing(context, async (session) => {
      await collection.insertOne(document, { comment: traced.comment, ...within(session) });
      await told('created', [document], traced, session);
    }).catch(failed);
    await hooks.afterWrite?.(document, undefined);
    return document;
  };

  /** All or none: in a transaction, or where there are none by taking the written ones back. */
  const insertMany = async (
    inputs: readonly Doc[],
    { signal, attempt, ...traced }: CreateOptions = {},
  ): Promise<Doc[]> => {
    const prepared = await prepare(inputs.map((input, i) => ({ input, at: [i] })));
    const documents = prepared.map((stored, i) => born(attempt?.ids[i] ?? new ObjectId(), stored));
    const ids = documents.map(({ _id }) => _id);
    signal?.throwIfAborted();
    const takeBack = (session: ClientSession | undefined) =>
      collection.deleteMany({ _id: { $in: ids } }, within(session));
    const write = async (session: ClientSession | undefined) => {
      // Some of them, where an earlier try died between two.
      if (attempt?.again) await takeBack(session);
      const { comment } = traced;
      await collection.insertMany(documents, { ordered: true, comment, ...within(session) });
      await told('created', documents, traced, session);
    };
    await atomically(context, async (session) => {
      if (session) return write(session);
      return write(session).catch(async (error: unknown) => {
        await takeBack(session);
        throw error;
      });
    }).catch(async (error: unknown) =>
      failed(error, await failedIndex(error, documents, collection, maxTimeMS)),
    );
    for (const document of documents) await hooks.afterWrite?.(document, undefined);
    return documents;
  };

  /** What to send for the difference between two documents; undefined when there is none. */
  const difference = (next: Doc, current: Doc): Doc | undefined => {
    const [after, before] = [convert.wire(next), convert.wire(current)];
    const changed = fields.filter((name) => !same(after[name], before[name]));
    if (changed.length === 0) return undefined;
    const kept = changed.filter((name) => next[name] !== undefined);
    const gone = changed.filter((name) => next[name] === undefined);
    return {
      $set: {
        ...Object.fromEntries(kept.map((name) => [name, next[name]])),
        updatedAt: new Date(),
        // Guarded by the revision it had; null, as others may have stored it, cannot be counted up.
        _rev: revisionOf(current) + 1,
      },
      ...(gone.length > 0 && { $unset: Object.fromEntries(gone.map((name) => [name, ''])) }),
    };
  };

  /** Replaces, or with `merge` patches. Nothing is written when nothing changes. */
  const change = async (id: ObjectId, input: Doc, guard: Guard, merge: boolean): Promise<Doc> => {
    const options = { returnDocument: 'after', maxTimeMS, comment: guard.comment } as const;
    for (let tries = 0; tries < mostTries; tries++) {
      const stored = await find(id, guard);
      const claimed = typeof input._rev === 'number' ? input._rev : revisionOf(stored);
      if (!admits(guard, stored) || claimed !== revisionOf(stored)) throw staleProblem(stored);
      const current = { stored, wire: convert.wire(stored) };
      const next = await prepareOne({ input, current, owned: convert.answer(stored), merge });
      const update = difference(next, stored);
      if (update === undefined) return stored;
      const filter = { _id: id, ...unchanged(stored) };
      guard.signal?.throwIfAborted();
      const written = await writing(context, async (session) => {
        const all = { ...options, ...within(session) };
        const after = await collection.findOneAndUpdate(filter, update, all);
        if (after) await told('updated', [after], guard, session);
        return after;
      }).catch(failed);
      if (written !== null) {
        await hooks.afterWrite?.(written, stored);
        return written;
      }
    }
    throw problem('conflict');
  };

  const remove = async (id: ObjectId, guard: Guard): Promise<void> => {
    for (let tries = 0; tries < mostTries; tries++) {
      const stored = await find(id, guard);
      if (!admits(guard, stored)) throw staleProblem(stored);
      const filter = { _id: id, ...unchanged(stored) };
      const steps = await consequences(context, model, [id]);
      guard.signal?.throwIfAborted();
      const deleteIt = async (session?: ClientSession): Promise<boolean> => {
        for (const step of steps) await step(session, tracedBy(guard));
        const { deletedCount } = await collection.deleteOne(filter, {
          comment: guard.comment,
          ...within(session),
        });
        if (deletedCount === 1) await told('deleted', [stored], guard, session);
        return deletedCount === 1;
      };
      if (await (steps.length > 0 ? atomically : writing)(context, deleteIt)) return;
    }
    throw problem('conflict');
  };

  return { insert, insertMany, change, remove };
};
