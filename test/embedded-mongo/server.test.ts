import { Binary, GridFSBucket, Long, MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';

import { start } from '../../src/embedded-mongo/index.ts';
import { connected, failure } from './client.ts';

const at = connected({ failPoints: true });

describe('connecting', () => {
  it('starts several times in one process, and empties itself', async () => {
    const other = await start();
    await at.coll().insertMany(Array.from({ length: 500 }, (_, n) => ({ n })));
    await other.reset();
    expect(await at.coll().countDocuments()).toBe(500);
    await other.stop();
    await at.server.reset();
    expect(await at.coll().countDocuments()).toBe(0);
  });

  it('presents itself as a one-node replica set of version 8.0 that names itself', async () => {
    const hello = await at.db.command({ hello: 1 });
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      setName: 'embedded',
      maxWireVersion: 25,
    });
    expect(await at.db.command({ isMaster: 1 })).toMatchObject({ ismaster: true });
    expect(await at.db.command({ buildInfo: 1 })).toMatchObject({ modules: ['embedded-dev'] });
  });

  it('accepts a second client and plain addresses', async () => {
    const other = await new MongoClient(`mongodb://127.0.0.1:${at.server.port}`).connect();
    await other.db('test').collection('things').insertOne({ n: 1 });
    expect(await at.coll().countDocuments()).toBe(1);
    await other.close();
  });

  it.each([
    ...[
      'ping',
      'hello',
      'isMaster',
      'buildInfo',
      'serverStatus',
      'dbStats',
      'hostInfo',
      'connectionStatus',
    ],
    ...[
      'whatsmyuri',
      'getCmdLineOpts',
      'listCommands',
      'currentOp',
      'replSetGetStatus',
      'startSession',
    ],
  ])('answers %s', async (name) => {
    expect(await at.client.db('admin').command({ [name]: 1 })).toMatchObject({ ok: 1 });
  });

  it('refuses unknown commands, unknown fields and unsupported options by name', async () => {
    expect(await failure(at.db.command({ frobnicate: 1 }))).toMatchObject({
      code: 59,
      codeName: 'CommandNotFound',
    });
    const field = await failure(at.db.command({ find: 'things', colour: 'red' }));
    expect(field).toMatchObject({ code: 40415 });
    expect(field['message']).toContain('find.colour');
    const option = await failure(at.db.command({ find: 'things', tailable: true }));
    expect(option).toMatchObject({ code: 238 });
    expect(option['message']).toContain('tailable');
    expect(
      await failure(at.db.createCollection('series', { timeseries: { timeField: 't' } })),
    ).toMatchObject({ code: 238 });
  });
});

describe('databases and collections', () => {
  it('lists, renames and drops them', async () => {
    await at.coll('a').insertOne({});
    await at.coll('b').insertOne({ b: 1 });
    expect(
      (await at.db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
    ).toEqual(['a', 'b']);
    expect(await failure(at.coll('a').rename('b'))).toMatchObject({ code: 48 });
    await at.coll('a').rename('b', { dropTarget: true });
    expect(await at.coll('b').findOne({ b: 1 })).toBeNull();
    expect((await at.client.db().admin().listDatabases()).databases).toMatchObject([
      { name: 'test' },
    ]);
    expect(await at.coll('b').drop()).toBe(true);
    await at.db.dropDatabase();
    expect((await at.client.db().admin().listDatabases()).databases).toEqual([]);
  });

  it('keeps a capped collection to its size', async () => {
    const capped = await at.db.createCollection('capped', { capped: true, size: 4096, max: 3 });
    await capped.insertMany([1, 2, 3, 4, 5].map((n) => ({ n })));
    expect(await capped.distinct('n')).toEqual([3, 4, 5]);
  });

  it('stores and reads files with GridFS', async () => {
    const bucket = new GridFSBucket(at.db, { chunkSizeBytes: 1000 });
    const content = Buffer.alloc(4500, 'x');
    await new Promise((resolve, reject) => {
      bucket.openUploadStream('file').on('finish', resolve).on('error', reject).end(content);
    });
    const parts: Buffer[] = [];
    for await (const part of bucket.openDownloadStreamByName('file')) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
  });
});

describe('retryable writes', () => {
  it('does a write that is sent again only once', async () => {
    const admin = at.client.db('admin');
    await at.coll().insertOne({ _id: 1, n: 0 });
    const data = { failCommands: ['update'], closeConnection: true };
    await admin.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
    await at.coll().updateOne({ _id: 1 }, { $inc: { n: 1 } });
    expect(await at.coll().findOne()).toEqual({ _id: 1, n: 1 });
    const lsid = { id: new Binary(Buffer.alloc(16, 7), 4) };
    const command = {
      update: 'things',
      updates: [{ q: {}, u: { $inc: { n: 1 } } }],
      lsid,
      txnNumber: Long.fromNumber(1),
    };
    const plain = await new MongoClient(at.server.uri, { retryWrites: false }).connect();
    const first = await plain.db('test').command(command);
    const again = await plain.db('test').command(command);
    expect(first).toMatchObject({ n: 1 });
    expect(again).toMatchObject({ n: 1, retriedStmtIds: [0] });
    expect(await at.coll().findOne()).toEqual({ _id: 1, n: 2 });
    await plain.close();
  });
});
