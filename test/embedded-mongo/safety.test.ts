import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { BSON, MongoClient } from 'mongodb';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { start } from '../../src/embedded-mongo/index.ts';
import { connected } from './client.ts';

const at = connected({ maxBytes: 1_000_000 });

afterEach(() => vi.unstubAllEnvs());

describe('where it runs', () => {
  it('does not start in production or beside a real database', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(start()).rejects.toThrow(/NODE_ENV=production/);
    vi.stubEnv('NODE_ENV', 'test');
    vi.stubEnv('MONGODB_URI', 'mongodb://db.example');
    await expect(start()).rejects.toThrow(/MONGODB_URI is set/);
  });

  it('cannot be reached from another machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((face) => face && !face.internal && face.family === 'IPv4');
    const reach = (host: string) =>
      new Promise<boolean>((resolve) => {
        const socket = connect(at.server.port, host);
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
        socket.on('connect', () => socket.destroy());
      });
    expect(await reach('127.0.0.1')).toBe(true);
    expect(await reach(outside?.address ?? '127.0.0.2')).toBe(false);
  });

  it.skipIf(process.platform === 'win32')(
    'listens on a unix socket that only its owner opens',
    async () => {
      const dir = mkdtempSync(join(tmpdir(), 'embedded-'));
      const socket = join(dir, 'mongo.sock');
      const server = await start({ socket });
      expect(statSync(socket).mode & 0o777).toBe(0o600);
      const client = await new MongoClient(server.uri).connect();
      await client.db('test').collection('things').insertOne({ n: 1 });
      expect(await client.db('test').collection('things').countDocuments()).toBe(1);
      await client.close();
      await server.stop();
      rmSync(dir, { recursive: true });
    },
  );
});

describe('limits', () => {
  it('refuses data beyond its memory and names the way out', async () => {
    const half = { text: 'x'.repeat(600_000) };
    await at.coll().insertOne({ ...half });
    await expect(at.coll().insertOne({ ...half })).rejects.toThrow(/MONGODB_URI/);
    await at.coll().deleteMany({});
    await at.coll().insertOne({ ...half });
  });

  it('refuses a document beyond 16 MiB and one nested too deep, and stays connected', async () => {
    const server = await start();
    const client = await new MongoClient(server.uri).connect();
    const things = client.db('test').collection<{ _id: number; text?: string }>('things');
    await things.insertOne({ _id: 1, text: 'x'.repeat(10_000_000) });
    const grow = things.updateOne({ _id: 1 }, [{ $set: { more: '$text' } }]);
    await expect(grow).rejects.toMatchObject({ code: 10334 });
    let deep: object = {};
    for (let level = 0; level < 150; level++) deep = { deep };
    await expect(client.db('test').collection('deep').insertOne({ deep })).rejects.toMatchObject({
      code: 15,
    });
    await client.close();
    await server.stop();
  });
});

describe('what does not follow the protocol', () => {
  const body = Buffer.from(BSON.serialize({ ping: 1, $db: 'test' }));

  function message(code: number, content: Buffer, length = content.length + 16): Buffer {
    const header = Buffer.alloc(16);
    header.writeInt32LE(length, 0);
    header.writeInt32LE(7, 4);
    header.writeInt32LE(code, 12);
    return Buffer.concat([header, content]);
  }
  const flags = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return bytes;
  };
  const section = Buffer.concat([Buffer.from([0]), body]);

  /** What the server answers, or that it hung up. */
  function answer(bytes: Buffer): Promise<'closed' | Buffer> {
    return new Promise((resolve) => {
      const socket: Socket = connect(at.server.port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => {
        resolve(chunk);
        socket.destroy();
      });
      socket.on('close', () => resolve('closed')).on('error', () => resolve('closed'));
    });
  }

  it('answers a message that does, also in pieces and with a checksum', async () => {
    const good = message(2013, Buffer.concat([flags(0), section]));
    expect(await answer(good)).toBeInstanceOf(Buffer);
    expect(
      await answer(message(2013, Buffer.concat([flags(1), section, flags(0)]))),
    ).toBeInstanceOf(Buffer);
    const slow = new Promise<Buffer>((resolve) => {
      const socket = connect(at.server.port, '127.0.0.1', async () => {
        for (const byte of good) {
          socket.write(Buffer.from([byte]));
          await new Promise((next) => setImmediate(next));
        }
      });
      socket.on('data', (chunk) => {
        resolve(chunk);
        socket.destroy();
      });
    });
    expect((await slow).readInt32LE(8)).toBe(7);
  });

  const broken = Buffer.from(body);
  broken[broken.length - 1] = 1;
  it.each([
    ['a length below a header', message(2013, Buffer.alloc(10), 3)],
    ['a length beyond the limit', message(2013, Buffer.alloc(10), 48_000_001)],
    ['an unknown operation', message(2012, Buffer.concat([flags(0), section]))],
    ['an unknown flag', message(2013, Buffer.concat([flags(4), section]))],
    ['an unknown section', message(2013, Buffer.concat([flags(0), Buffer.from([9]), body]))],
    ['no body', message(2013, flags(0))],
    ['two bodies', message(2013, Buffer.concat([flags(0), section, section]))],
    [
      'a document that is longer than its message',
      message(2013, Buffer.concat([flags(0), section.subarray(0, 15)])),
    ],
    [
      'a document without its end',
      message(2013, Buffer.concat([flags(0), Buffer.from([0]), broken])),
    ],
    ['random bytes', Buffer.alloc(64, 0xab)],
  ])('hangs up on %s', async (_, bytes) => {
    expect(await answer(bytes)).toBe('closed');
    expect(await at.db.command({ ping: 1 })).toMatchObject({ ok: 1 });
  });
});
