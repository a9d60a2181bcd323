import type { ClientSession } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';

import { connected, failure } from './client.ts';

const at = connected({ failPoints: true });
const sessions: ClientSession[] = [];

/** A session with a transaction that has begun. */
function begun(): ClientSession {
  const session = at.client.startSession();
  sessions.push(session);
  session.startTransaction();
  return session;
}

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.endSession()));
});

describe('isolation', () => {
  it('shows writes inside at once and outside only after the commit', async () => {
    const session = begun();
    await at.coll().insertOne({ _id: 1 }, { session });
    expect(await at.coll().findOne({ _id: 1 }, { session })).toEqual({ _id: 1 });
    expect(await at.coll().findOne({ _id: 1 })).toBeNull();
    await session.commitTransaction();
    expect(await at.coll().findOne({ _id: 1 })).toEqual({ _id: 1 });
  });

  it('reads as of its start, through indexes too', async () => {
    await at.coll().createIndex({ n: 1 });
    await at.coll().insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    const session = begun();
    expect(await at.coll().countDocuments({ n: { $gt: 0 } }, { session })).toBe(2);
    await at.coll().updateOne({ _id: 1 }, { $set: { n: 10 } });
    await at.coll().deleteOne({ _id: 2 });
    await at.coll().insertOne({ _id: 3, n: 3 });
    expect(
      await at
        .coll()
        .find({ n: { $gt: 0 } }, { session })
        .sort({ n: 1 })
        .toArray(),
    ).toEqual([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    expect(await at.coll().find({ n: 10 }, { session }).toArray()).toEqual([]);
    await session.commitTransaction();
    expect(
      await at
        .coll()
        .find({ n: { $gt: 0 } })
        .sort({ n: 1 })
        .toArray(),
    ).toEqual([
      { _id: 3, n: 3 },
      { _id: 1, n: 10 },
    ]);
    expect(await at.coll().countDocuments({ n: { $gt: 0 } })).toBe(2);
  });

  it('does not miss documents through an index that is younger than its snapshot', async () => {
    await at.coll().insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ]);
    const session = begun();
    await at.coll().findOne({}, { session });
    await at.coll().updateOne({ _id: 1 }, { $set: { n: 10 } });
    await at.coll().createIndex({ n: 1 });
    expect(await at.coll().countDocuments({ n: { $lt: 5 } }, { session })).toBe(2);
    expect(await at.coll().countDocuments({ n: { $lt: 5 } })).toBe(1);
  });

  it('leaves indexes whole after any mix of commits and aborts', async () => {
    await at.coll().createIndex({ n: 1 });
    await at.coll().createIndex({ tags: 1 });
    await at
      .coll()
      .insertMany(
        Array.from({ length: 30 }, (_, _id) => ({ _id, n: _id, tags: ['a', `t${_id}`] })),
      );
    for (let round = 0; round < 20; round++) {
      const session = begun();
      const write = at
        .coll()
        .updateOne(
          { _id: round },
          { $inc: { n: 100 }, $set: { tags: ['a', `r${round}`] } },
          { session },
        );
      await write;
      await at.coll().deleteOne({ _id: round + 5 }, { session });
      await at.coll().insertOne({ _id: 1000 + round, n: round }, { session });
      await at.coll().updateOne({ _id: 29 }, { $inc: { n: 1 } });
      await (round % 2 === 0 ? session.commitTransaction() : session.abortTransaction());
    }
    expect(await at.db.command({ validate: 'things' })).toMatchObject({ valid: true, errors: [] });
  });

  it('undoes everything on abort: writes, collections, indexes', async () => {
    await at.coll().insertOne({ _id: 1, n: 1 });
    const session = begun();
    await at.coll().updateOne({ _id: 1 }, { $set: { n: 2 } }, { session });
    await at.coll().insertOne({ _id: 2 }, { session });
    await at.coll().deleteOne({ _id: 1 }, { session });
    await at.db.createCollection('fresh', { session });
    await at.coll('fresh').createIndex({ a: 1 }, { session });
    await session.abortTransaction();
    expect(await at.coll().find().toArray()).toEqual([{ _id: 1, n: 1 }]);
    expect(await at.db.listCollections().toArray()).toHaveLength(1);
    await at.coll().insertOne({ _id: 2 });
  });

  it('creates collections and indexes on commit', async () => {
    const session = begun();
    await at.coll('fresh').insertOne({ _id: 1, a: 1 }, { session });
    expect(await at.db.listCollections().toArray()).toEqual([]);
    await session.commitTransaction();
    expect(await at.coll('fresh').find().toArray()).toEqual([{ _id: 1, a: 1 }]);
  });
});

describe('conflicts', () => {
  it('lets the first writer win and labels the error of the second', async () => {
    await at.coll().insertOne({ _id: 1, n: 0 });
    const [first, second] = [begun(), begun()];
    await at.coll().updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first });
    const error = await failure(
      at.coll().updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: second }),
    );
    expect(error).toMatchObject({ code: 112, errorLabels: ['TransientTransactionError'] });
    await first.commitTransaction();
    expect(await at.coll().findOne()).toEqual({ _id: 1, n: 1 });
  });

  it('refuses a write to a document that changed after the snapshot', async () => {
    await at.coll().insertOne({ _id: 1, n: 0 });
    const session = begun();
    await at.coll().findOne({}, { session });
    await at.coll().updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(await failure(at.coll().deleteOne({ _id: 1 }, { session }))).toMatchObject({
      code: 112,
    });
    expect(await failure(at.coll().findOne({}, { session }))).toMatchObject({ code: 251 });
  });

  it('guards unique keys between transactions', async () => {
    await at.coll().createIndex({ key: 1 }, { unique: true });
    const [first, second] = [begun(), begun()];
    await at.coll().insertOne({ key: 'k' }, { session: first });
    expect(await failure(at.coll().insertOne({ key: 'k' }, { session: second }))).toMatchObject({
      code: 112,
    });
    await first.abortTransaction();
    await at.coll().insertOne({ key: 'k' });
    const third = begun();
    expect(await failure(at.coll().insertOne({ key: 'k' }, { session: third }))).toMatchObject({
      code: 11000,
    });
  });

  it('makes a write outside wait for the transaction, as long as it may', async () => {
    await at.coll().insertOne({ _id: 1, n: 0 });
    const session = begun();
    await at.coll().updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    expect(
      await failure(at.coll().updateOne({ _id: 1 }, { $inc: { n: 10 } }, { maxTimeMS: 20 })),
    ).toMatchObject({ code: 50 });
    const waiting = at.coll().updateOne({ _id: 1 }, { $inc: { n: 100 } });
    await session.commitTransaction();
    await waiting;
    expect(await at.coll().findOne()).toEqual({ _id: 1, n: 101 });
  });

  it('moves money between accounts without losing any, whatever the order of events', async () => {
    await at.coll().insertMany([0, 1, 2, 3].map((_id) => ({ _id, money: 100 })));
    const move = (from: number, to: number) =>
      at.client.withSession((session) =>
        session.withTransaction(async () => {
          await at.coll().updateOne({ _id: from }, { $inc: { money: -1 } }, { session });
          await at.coll().updateOne({ _id: to }, { $inc: { money: 1 } }, { session });
        }),
      );
    await Promise.all(Array.from({ length: 40 }, (_, n) => move(n % 4, (n * 3 + 1) % 4)));
    const all = await at.coll().find().toArray();
    expect(all.reduce((sum, { money }) => sum + Number(money), 0)).toBe(400);
  });
});

describe('ends', () => {
  it('commits again what is committed, and aborts no more', async () => {
    const session = begun();
    await at.coll().insertOne({ _id: 1 }, { session });
    await session.commitTransaction();
    await session.commitTransaction();
    expect(await at.coll().countDocuments()).toBe(1);
  });

  it('commits once when the answer to the commit is lost', async () => {
    const session = begun();
    await at.coll().insertOne({ _id: 1 }, { session });
    const data = { failCommands: ['commitTransaction'], closeConnection: true };
    await at.client
      .db('admin')
      .command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
    await session.commitTransaction();
    expect(await at.coll().countDocuments()).toBe(1);
  });

  it('knows no transaction that was not started, and refuses commands that cannot be part of one', async () => {
    const session = begun();
    expect(await failure(at.db.command({ count: 'things' }, { session }))).toMatchObject({
      code: 263,
    });
    expect(await failure(at.coll().insertOne({}, { session }))).toMatchObject({
      code: 251,
      errorLabels: ['TransientTransactionError'],
    });
  });

  it('ends with its session', async () => {
    await at.coll().insertOne({ _id: 1, n: 0 });
    const session = begun();
    await at.coll().updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session });
    await session.endSession();
    await at.coll().updateOne({ _id: 1 }, { $inc: { n: 10 } });
    expect(await at.coll().findOne()).toEqual({ _id: 1, n: 10 });
  });
});
