// Idempotency-Key: the same POST sent twice is done once. A unique index decides who does it, never a check before.
import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { MongoServerError, ObjectId, type Collection } from 'mongodb';
import { locals, type Context } from './context.ts';
import { toProblem } from './errors.ts';
import type { Owned } from './model.ts';
import { headerProblem, problem, type Problem } from './problems.ts';
import { problemAnswer, type Answer } from './send.ts';
import type { Attempt, Service } from './service.ts';

export const idempotencyCollection = 'idempotency_keys';

const keptFor = 24 * 60 * 60 * 1000;
/** A key whose request crashed is free again after this. */
const lockedFor = 60 * 1000;

interface Entry {
  /** Hash of principal, method, path and key; the primary key is the unique index. */
  readonly _id: string;
  readonly body: string;
  /** Of the documents that the request creates: whoever takes the key over tells by them what is done already. */
  readonly ids: readonly ObjectId[];
  readonly lockedUntil: Date;
  /** A TTL index removes the entry then. */
  readonly expiresAt: Date;
  readonly answer?: Answer;
}

const sha256 = (...parts: readonly string[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');

/** The key without its optional quotes. */
const keyOf = (req: Request, required: boolean): string | undefined => {
  const header = req.get('idempotency-key');
  if (header === undefined) {
    if (required) throw headerProblem('Idempotency-Key', 'is required');
    return undefined;
  }
  const key = header.replace(/^"(.*)"$/, '$1');
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw headerProblem('Idempotency-Key', 'must be 1 to 255 visible ASCII characters');
  }
  return key;
};

/** Takes the key, or says what happened to it: the stored answer, or a problem. */
const take = async (
  keys: Collection<Entry>,
  { _id, body, ids }: Pick<Entry, '_id' | 'body' | 'ids'>,
  maxTimeMS: number,
): Promise<Answer | Attempt> => {
  const now = Date.now();
  const lock = { lockedUntil: new Date(now + lockedFor), expiresAt: new Date(now + keptFor) };
  const mine = await keys.insertOne({ _id, body, ids, ...lock }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof MongoServerError && error.code === 11_000) return false;
      throw error;
    },
  );
  const fresh: Attempt = { ids, again: false };
  if (mine) return fresh;
  const entry = await keys.findOne({ _id }, { maxTimeMS });
  const kept = entry !== null && entry.expiresAt.getTime() > now;
  if (kept) {
    if (entry.body !== body) throw problem('idempotency_key_reused');
    if (entry.answer) return entry.answer;
    if (entry.lockedUntil.getTime() > now) throw inFlight();
  }
  // Expired or abandoned: whoever moves the lock has the key.
  const filter = { _id, lockedUntil: entry?.lockedUntil ?? new Date(0) };
  const attempt = kept ? { ids: entry.ids, again: true } : fresh;
  const { modifiedCount } = await keys.updateOne(filter, {
    $set: { body, ids: attempt.ids, ...lock },
    $unset: { answer: '' },
  });
  if (modifiedCount === 0) throw inFlight();
  return attempt;
};

const inFlight = (): Problem =>
  problem('idempotency_in_flight', undefined, { headers: { 'Retry-After': '1' } });

/** What becomes of the entry when the request was refused. */
const settle = (keys: Collection<Entry>, _id: string, answer: Answer): Promise<unknown> => {
  // It may have been written all the same: the next try needs the ids.
  if (answer.status >= 500) return keys.updateOne({ _id }, { $set: { lockedUntil: new Date(0) } });
  // These say nothing about the request itself.
  if ([401, 403, 429].includes(answer.status)) return keys.deleteOne({ _id });
  return keys.updateOne({ _id }, { $set: { answer } });
};

const keysOf = ({ db }: Context): Collection<Entry> => db.collection<Entry>(idempotencyCollection);

/** Creates once, whatever became of earlier tries: what is stored under the ids of the attempt is the result. */
export const createOnce = async (
  service: Service,
  attempt: Attempt | undefined,
  create: () => Promise<Owned[]>,
): Promise<Owned[]> => {
  if (attempt === undefined) return create();
  const { ids, again } = attempt;
  const done = async (): Promise<Owned[] | undefined> => {
    const place = ({ _id }: Owned): number => ids.findIndex((id) => id.equals(_id));
    const found = await service.readMany(ids);
    return found.length === ids.length ? found.sort((a, b) => place(a) - place(b)) : undefined;
  };
  const before = again ? await done() : undefined;
  if (before) return before;
  try {
    return await create();
  } catch (error) {
    // Another try that was thought dead was only slow.
    const meanwhile = toProblem(error).code === 'duplicate' ? await done() : undefined;
    if (meanwhile) return meanwhile;
    throw error;
  }
};

/** Does the work once for a key; a repeated request gets the answer of the first. */
export const idempotent = async (
  { context, model }: Service,
  req: Request,
  res: Response,
  work: (attempt: Attempt | undefined) => Promise<Answer>,
): Promise<Answer> => {
  const key = keyOf(req, model.requireIdempotencyKey === true);
  if (key === undefined) return work(undefined);
  const keys = keysOf(context);
  const path = req.baseUrl + req.path;
  const _id = sha256(locals(res).principal ?? '', req.method, path, key);
  const { bulkItems, queryMs } = context.config.limits;
  const body: unknown = req.body;
  const count = Array.isArray(body) ? Math.min(body.length, bulkItems) : 1;
  const ids = Array.from({ length: count }, () => new ObjectId());
  const taken = await take(keys, { _id, body: sha256(JSON.stringify(body)), ids }, queryMs);
  if ('status' in taken)
    return { ...taken, headers: { ...taken.headers, 'Idempotency-Replayed': 'true' } };
  try {
    const answer = await work(taken);
    await keys.updateOne({ _id }, { $set: { answer } });
    return answer;
  } catch (error) {
    await settle(keys, _id, problemAnswer(req, res, toProblem(error), context.config));
    throw error;
  }
};
