import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BSON, MongoClient, Timestamp, type Document } from 'mongodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { start, type StartOptions } from '../../src/embedded-mongo/index.ts';

let dir: string;
const warnings: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'embedded-'));
  warnings.length = 0;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Runs work against a server on the directory, which is stopped after it. */
async function during<T>(
  work: (client: MongoClient) => Promise<T>,
  options: StartOptions = {},
): Promise<T> {
  const server = await start({ dir, warn: (message) => warnings.push(message), ...options });
  const client = await new MongoClient(server.uri).connect();
  try {
    return await work(client);
  } finally {
    await client.close();
    await server.stop();
  }
}

const journal = () => join(dir, 'data.journal');
const all = (client: MongoClient, coll = 'things') =>
  client.db('test').collection<Document>(coll).find().sort({ _id: 1 }).toArray();

describe('a server with a directory', () => {
  it('has everything again after a restart: documents, collections, indexes, validators, names', async () => {
    const made = await during(async (client) => {
      const db = client.db('test');
      await db.createCollection('checked', { validator: { $jsonSchema: { required: ['name'] } } });
      const things = db.collection<Document & { _id: number }>('things');
      await things.createIndex({ n: 1 }, { unique: true, sparse: true });
      await things.insertMany([1, 2, 3, 4].map((_id) => ({ _id, n: _id })));
      await things.updateOne({ _id: 1 }, { $set: { n: 10 } });
      await things.replaceOne({ _id: 2 }, { other: true });
      await things.deleteOne({ _id: 3 });
      await client.withSession((session) =>
        session.withTransaction(async () => {
          await things.insertOne({ _id: 5, n: 5 }, { session });
          await things.updateOne({ _id: 4 }, { $set: { n: 44 } }, { session });
        }),
      );
      await db.collection('gone').insertOne({});
      await db.collection('gone').drop();
      await db.collection('before').insertOne({ moved: true });
      await db.collection('before').rename('after');
      await client.db('empty').collection('x').insertOne({});
      await client.db('empty').dropDatabase();
      return [
        await all(client),
        await all(client, 'after'),
        await db.listCollections().toArray(),
        await things.indexes(),
      ];
    });
    await during(async (client) => {
      const db = client.db('test');
      const things = db.collection('things');
      expect([
        await all(client),
        await all(client, 'after'),
        await db.listCollections().toArray(),
        await things.indexes(),
      ]).toEqual(made);
      await expect(things.insertOne({ n: 44 })).rejects.toMatchObject({ code: 11000 });
      await expect(db.collection('checked').insertOne({})).rejects.toMatchObject({ code: 121 });
      expect((await client.db().admin().listDatabases()).databases).toHaveLength(1);
    });
    expect(warnings).toEqual([]);
  });

  it('is a directory for the owner alone', async () => {
    await during((client) => client.db('test').collection('things').insertOne({}));
    expect(statSync(journal()).mode & 0o077).toBe(0);
  });

  it('refuses a directory that another server has, and takes over that of one that died', async () => {
    await during(async () => {
      await expect(start({ dir })).rejects.toThrow(/in use by process/);
    });
    writeFileSync(join(dir, 'lock'), '1');
    await expect(start({ dir })).rejects.toThrow(/in use by process 1\b/);
    for (const stale of ['999999999', '']) {
      writeFileSync(join(dir, 'lock'), stale);
      await during((client) => all(client));
      expect(readdirSync(dir)).not.toContain('lock');
    }
  });

  it.runIf(process.platform === 'linux')(
    'takes over the directory of one whose process id another process has now',
    async () => {
      await during(() => {
        const [pid, start] = readFileSync(join(dir, 'lock'), 'utf8').split(' ');
        expect([pid, start]).toEqual([String(process.pid), expect.stringMatching(/^\d+$/)]);
        return Promise.resolve();
      });
      writeFileSync(join(dir, 'lock'), '1 99999999999');
      await during((client) => all(client));
    },
  );

  it('leaves a journal alone that a later version wrote', async () => {
    await during((client) => client.db('test').collection('things').insertOne({}));
    const payload = BSON.serialize({ time: new Timestamp({ t: 1, i: 1 }), format: 2, ops: [] });
    const header = Buffer.alloc(8);
    header.writeUInt32LE(payload.length, 0);
    header.writeUInt32LE(crc32(payload), 4);
    appendFileSync(journal(), Buffer.concat([header, payload]));
    const before = readFileSync(journal());
    await expect(start({ dir })).rejects.toThrow(/cannot apply \(format 2, known is 1\)/);
    expect(readFileSync(journal())).toEqual(before);
    expect(readdirSync(dir)).toEqual(['data.journal']);
  });

  it('leaves a journal alone whose data are more than it may hold', async () => {
    const text = 'x'.repeat(1000);
    await during((client) =>
      client.db('test').collection('things').insertMany([{ text }, { text }]),
    );
    const before = readFileSync(journal());
    await expect(start({ dir, maxBytes: 1500 })).rejects.toThrow(/MB of data in memory/);
    expect(readFileSync(journal())).toEqual(before);
    expect(await during((client) => all(client))).toHaveLength(2);
  });

  it('shrinks the journal to the data when it has grown far beyond them', async () => {
    const text = 'x'.repeat(100_000);
    const { size, kept } = await during(async (client) => {
      const things = client.db('test').collection<Document & { _id: number }>('things');
      await things.createIndex({ n: 1 });
      for (let n = 0; n < 200; n++)
        await things.updateOne({ _id: n % 3 }, { $set: { n, text } }, { upsert: true });
      return { size: statSync(journal()).size, kept: await all(client) };
    });
    expect(size).toBeLessThan(10_000_000);
    await during(async (client) => {
      expect(await all(client)).toEqual(kept);
      expect(await client.db('test').collection('things').indexes()).toHaveLength(2);
    });
  });
});

describe('a damaged journal', () => {
  const write = (options: StartOptions = {}) =>
    during(async (client) => {
      const things = client.db('test').collection<Document & { _id: number }>('things');
      for (let _id = 0; _id < 20; _id++) await things.insertOne({ _id, text: 'abc' });
    }, options);

  it('loses a torn record and nothing before it, wherever it is torn', async () => {
    await write();
    const whole = readFileSync(journal());
    for (const cut of [1, 3, 7, 9, 40, 100, 333]) {
      writeFileSync(journal(), whole);
      truncateSync(journal(), whole.length - cut);
      warnings.length = 0;
      const found = await during((client) => all(client));
      expect(found.map(({ _id }) => _id)).toEqual(
        Array.from({ length: found.length }, (_, n) => n),
      );
      expect(found.length).toBeGreaterThan(14);
      expect(found.length).toBeLessThan(20);
      expect(warnings).toEqual([expect.stringContaining('torn record')]);
    }
  });

  it('keeps what follows a bad checksum in a file of its own, and says so', async () => {
    await write();
    const bytes = readFileSync(journal());
    const middle = bytes.indexOf('abc', bytes.length / 2);
    bytes[middle] = 'z'.charCodeAt(0);
    writeFileSync(journal(), bytes);
    const found = await during((client) => all(client));
    expect(found.length).toBeGreaterThan(5);
    expect(found.every(({ text }) => text === 'abc')).toBe(true);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/bad checksum/);
    const rest = readdirSync(dir).find((name) => name.includes('damaged'));
    const damaged = readFileSync(join(dir, rest ?? ''));
    expect(
      Buffer.concat([
        readFileSync(journal()).subarray(0, bytes.length - damaged.length),
        damaged,
      ]).equals(bytes),
    ).toBe(true);
    expect(await during((client) => all(client))).toEqual(found);
  });

  it.each([0xff, 0])('survives garbage at its end: bytes %i', async (byte) => {
    await write({ fsync: 'always' });
    appendFileSync(journal(), Buffer.alloc(100, byte));
    expect(await during((client) => all(client))).toHaveLength(20);
    expect(warnings).toHaveLength(1);
  });
});
