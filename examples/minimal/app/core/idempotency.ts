// Idempotency-Key: the same POST sent twice is done once. A unique index decides who does it, never a check before.
import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { MongoServerError, type Collection } from 'mongodb';
import { locals, type Context } from './context.ts';
import { toProblem } from './errors.ts';
import type { Problem } from './problems.ts';
import { headerProblem, problem } from './problems.ts';
import { problemAnswer, type Answer } from './send.ts';
import type { Service } from './service.ts';

export const idempotencyCollection = 'idempotency_keys';

const keptFor = 24 * 60 * 60 * 1000;
/** A key whose request crashed is free again after this. */
const lockedFor = 60 * 1000;

interface Entry {
  /** Hash of principal, method, path and key; the primary key is the unique index. */
  readonly _id: string;
  readonly body: string;
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
  _id: string,
  body: string,
  maxTimeMS: number,
): Promise<Entry['answer']> => {
  const now = Date.now();
  const lock = { lockedUntil: new Date(now + lockedFor), expiresAt: new Date(now + keptFor) };
  const mine = await keys.insertOne({ _id, body, ...lock }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof MongoServerError && error.code === 11_000) return false;
      throw error;
    },
  );
  if (mine) return undefined;
  const entry = await keys.findOne({ _id }, { maxTimeMS });
  if (entry !== null && entry.expiresAt.getTime() > now) {
    if (entry.body !== body) throw problem('idempotency_key_reused');
    if (entry.answer) return entry.answer;
    if (entry.lockedUntil.getTime() > now) throw inFlight();
  }
  // Expired or abandoned: whoever moves the lock has the key.
  const filter = { _id, lockedUntil: entry?.lockedUntil ?? new Date(0) };
  const { modifiedCount } = await keys.updateOne(filter, {
    $set: { body, ...lock },
    $unset: { answer: '' },
  });
  if (modifiedCount === 0) throw inFlight();
  return undefined;
};

const inFlight = (): Problem =>
  problem('idempotency_in_flight', undefined, { headers: { 'Retry-After': '1' } });

/** Answers that say nothing about the request itself are not remembered. */
const forgotten = (status: number): boolean => status >= 500 || [401, 403, 429].includes(status);

const keysOf = ({ db }: Context): Collection<Entry> => db.collection<Entry>(idempotencyCollection);

/** Does the work once for a key; a repeated request gets the answer of the first. */
export const idempotent = async (
  { context, model }: Service,
  req: Request,
  res: Response,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  const key = keyOf(req, model.requireIdempotencyKey === true);
  if (key === undefined) return work();
  const keys = keysOf(context);
  const path = req.baseUrl + req.path;
  const _id = sha256(locals(res).principal ?? '', req.method, path, key);
  const replayed = await take(
    keys,
    _id,
    sha256(JSON.stringify(req.body)),
    context.config.limits.queryMs,
  );
  if (replayed)
    return { ...replayed, headers: { ...replayed.headers, 'Idempotency-Replayed': 'true' } };
  try {
    const answer = await work();
    await keys.updateOne({ _id }, { $set: { answer } });
    return answer;
  } catch (error) {
    const refusal = toProblem(error);
    if (forgotten(refusal.status)) await keys.deleteOne({ _id });
    else
      await keys.updateOne(
        { _id },
        { $set: { answer: problemAnswer(req, res, refusal, context.config) } },
      );
    throw error;
  }
};
