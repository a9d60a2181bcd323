import type { ChangeStream, ChangeStreamDocument, Document } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';

import { connected, failure } from './client.ts';

const at = connected();
const open: ChangeStream[] = [];
/** A stream that asks the server to wait for a moment only. */
const quick = { maxAwaitTimeMS: 20 };

/** A stream that has been opened on the server. */
async function opened<S extends ChangeStream>(stream: S): Promise<S> {
  open.push(stream);
  await stream.tryNext();
  return stream;
}

async function take(stream: ChangeStream, count: number): Promise<Document[]> {
  const events: ChangeStreamDocument[] = [];
  while (events.length < count) events.push(await stream.next());
  return events;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((stream) => stream.close()));
});

describe('events', () => {
  it('tells of inserts, updates, replacements and deletes in order', async () => {
    const stream = await opened(at.coll().watch([], { ...quick, fullDocument: 'updateLookup' }));
    await at.coll().insertOne({ _id: 1, a: { b: 1, c: 2 }, list: [1, 2, 3] });
    await at
      .coll()
      .updateOne({ _id: 1 }, { $set: { 'a.b': 5, 'list.1': 9 }, $unset: { 'a.c': 1 } });
    await at.coll().replaceOne({ _id: 1 }, { fresh: true });
    await at.coll().deleteOne({ _id: 1 });
    expect(await take(stream, 4)).toMatchObject([
      {
        operationType: 'insert',
        ns: { db: 'test', coll: 'things' },
        fullDocument: { _id: 1, a: { b: 1, c: 2 } },
      },
      {
        operationType: 'update',
        documentKey: { _id: 1 },
        updateDescription: {
          updatedFields: { 'a.b': 5, 'list.1': 9 },
          removedFields: ['a.c'],
          truncatedArrays: [],
        },
        fullDocument: null,
      },
      { operationType: 'replace', fullDocument: { _id: 1, fresh: true } },
      { operationType: 'delete', documentKey: { _id: 1 } },
    ]);
  });

  it('shows the fields of $set whole, and what a shortened array lost', async () => {
    await at.coll().insertOne({ _id: 1, a: { b: 1 }, list: [1, 2, 3] });
    const stream = await opened(at.coll().watch([], quick));
    await at.coll().updateOne({ _id: 1 }, { $set: { a: { b: 2 } } });
    await at.coll().updateOne({ _id: 1 }, [{ $set: { list: [1] } }]);
    expect((await take(stream, 2)).map((event) => event['updateDescription'])).toEqual([
      { updatedFields: { a: { b: 2 } }, removedFields: [], truncatedArrays: [] },
      { updatedFields: {}, removedFields: [], truncatedArrays: [{ field: 'list', newSize: 1 }] },
    ]);
  });

  it('filters and reshapes with a pipeline, but keeps the token', async () => {
    const stream = await opened(
      at
        .coll()
        .watch(
          [{ $match: { 'fullDocument.n': { $gt: 1 } } }, { $project: { n: '$fullDocument.n' } }],
          quick,
        ),
    );
    await at.coll().insertMany([{ n: 1 }, { n: 2 }]);
    expect(await take(stream, 1)).toMatchObject([{ n: 2 }]);
    const without = await opened(at.coll().watch([{ $project: { _id: 0 } }], quick));
    await at.coll().insertOne({});
    expect(await failure(without.next())).toMatchObject({ code: 280 });
  });

  it('watches a database and everything', async () => {
    const database = await opened(at.db.watch([], quick));
    const all = await opened(at.client.watch([], quick));
    await at.client.db('elsewhere').collection('x').insertOne({});
    await at.coll('b').insertOne({});
    expect(await take(database, 1)).toMatchObject([{ ns: { db: 'test', coll: 'b' } }]);
    expect(await take(all, 2)).toMatchObject([{ ns: { db: 'elsewhere' } }, { ns: { db: 'test' } }]);
  });

  it('shows images before and after where the collection keeps them', async () => {
    await at.db.createCollection('kept', { changeStreamPreAndPostImages: { enabled: true } });
    const kept = at.coll('kept');
    await kept.insertOne({ _id: 1, n: 1 });
    const stream = await opened(
      kept.watch([], { ...quick, fullDocument: 'required', fullDocumentBeforeChange: 'required' }),
    );
    await kept.updateOne({ _id: 1 }, { $set: { n: 2 } });
    await kept.deleteOne({ _id: 1 });
    expect(await take(stream, 2)).toMatchObject([
      { fullDocumentBeforeChange: { n: 1 }, fullDocument: { n: 2 } },
      { fullDocumentBeforeChange: { n: 2 } },
    ]);
    await at.coll().insertOne({ _id: 1 });
    const lacking = await opened(
      at.coll().watch([], { ...quick, fullDocumentBeforeChange: 'required' }),
    );
    await at.coll().deleteOne({ _id: 1 });
    expect(await failure(lacking.next())).toMatchObject({ code: 47 });
  });

  it('tells of a transaction only when it commits, all at once', async () => {
    const stream = await opened(at.coll().watch([], quick));
    await at.client.withSession(async (session) => {
      session.startTransaction();
      await at.coll().insertOne({ _id: 1 }, { session });
      await at.coll().insertOne({ _id: 2 }, { session });
      expect(await stream.tryNext()).toBeNull();
      await session.commitTransaction();
    });
    const events = await take(stream, 2);
    expect(events[0]?.['txnNumber']).toEqual(events[1]?.['txnNumber']);
    expect(events[0]?.['clusterTime']).toEqual(events[1]?.['clusterTime']);
  });

  it('ends when its collection is dropped', async () => {
    const stream = await opened(at.coll().watch([], quick));
    await at.coll().insertOne({});
    await at.coll().drop();
    const types = (await take(stream, 3)).map((event) => event['operationType'] as string);
    expect(types).toEqual(['insert', 'drop', 'invalidate']);
  });
});

describe('resuming', () => {
  it('goes on after a token and from a time', async () => {
    const stream = await opened(at.coll().watch([], quick));
    await at.coll().insertMany([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const [first] = await take(stream, 1);
    const resumed = at.coll().watch([], { ...quick, resumeAfter: first?.['_id'] });
    expect(await take(resumed, 2)).toMatchObject([
      { fullDocument: { n: 2 } },
      { fullDocument: { n: 3 } },
    ]);
    const from = at.coll().watch([], { ...quick, startAtOperationTime: first?.['clusterTime'] });
    open.push(resumed, from);
    expect(await take(from, 1)).toMatchObject([{ fullDocument: { n: 1 } }]);
  });

  it('refuses a token it did not give', async () => {
    const stream = at.coll().watch([], { ...quick, resumeAfter: { _data: 'nonsense' } });
    expect(await failure(stream.next())).toMatchObject({ code: 260 });
    await stream.close();
  });
});
