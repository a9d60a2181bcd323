import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { MongoClient, type Document } from 'mongodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { start } from '../../src/embedded-mongo/index.ts';
import { codeOf, server } from './differences-server.ts';

const embedded = process.env['MONGODB_URI'] === undefined;
const fixture = server();

function nested(levels: number): Document {
  let document: Document = { end: 1 };
  for (let i = 0; i < levels; i++) document = { n: document };
  return document;
}

describe('sizes', () => {
  it('refuses a document over 16 MiB with code 10334', async () => {
    const collection = await fixture.given();
    const text = 'x'.repeat(16 * 2 ** 20);
    expect(await codeOf(collection.insertOne({ _id: 1, text }))).toBe(10334);
    expect(await collection.countDocuments()).toBe(0);
  });

  it('refuses an update that makes a document larger than 16 MiB and leaves it as it was', async () => {
    const half = 'x'.repeat(9 * 2 ** 20);
    const collection = await fixture.given({ _id: 1, a: half });
    expect([10334, 17419]).toContain(
      await codeOf(collection.updateOne({ _id: 1 }, { $set: { b: half } })),
    );
    expect(await collection.countDocuments({ b: { $exists: true } })).toBe(0);
  });

  it('refuses a batch of more than 100,000 writes', async () => {
    const documents = Array.from({ length: 100_001 }, (_, _id) => ({ _id }));
    expect(await codeOf(fixture.db.command({ insert: 'many', documents }))).toBe(16);
    expect(await fixture.db.collection('many').countDocuments()).toBe(0);
  });

  it('takes 100 levels of nesting and refuses more than 180', async () => {
    const collection = await fixture.given(nested(98));
    expect(await collection.countDocuments()).toBe(1);
    expect(await codeOf(collection.insertOne({ _id: 1, ...nested(190) }))).toBeDefined();
    expect(await collection.countDocuments()).toBe(1);
  });
});

describe.runIf(embedded)('the embedded server', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const stop of stops.splice(0)) await stop();
  });

  async function started(options: Parameters<typeof start>[0] = {}) {
    const running = await start(options);
    stops.push(() => running.stop());
    return running;
  }

  async function closedAfter(port: number, bytes: Buffer): Promise<boolean> {
    const socket: Socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    const closed = once(socket, 'close').then(() => true);
    socket.write(bytes);
    return await closed;
  }

  it('closes the connection on a message over 48,000,000 bytes and on one shorter than its header', async () => {
    const { port } = await started();
    for (const length of [48_000_001, 15, 0, -1]) {
      const header = Buffer.alloc(16);
      header.writeInt32LE(length, 0);
      header.writeInt32LE(2013, 12);
      expect(await closedAfter(port, header)).toBe(true);
    }
  });

  it('refuses data beyond its cap with an error that names a real MongoDB', async () => {
    const { uri } = await started({ maxBytes: 2 ** 20 });
    const client = await MongoClient.connect(uri);
    const text = 'x'.repeat(300_000);
    const failure = client
      .db('cap')
      .collection('c')
      .insertMany(Array.from({ length: 8 }, () => ({ text })));
    await expect(failure).rejects.toThrow(/MONGODB_URI|real MongoDB/);
    await client.close();
  });

  it('answers on loopback only', async () => {
    const { port, uri } = await started();
    expect(uri).toContain('127.0.0.1');
    const others = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of others) {
      const socket = connect({ port, host: address, timeout: 1_000 });
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNREFUSED');
    }
  });

  it.skipIf(process.platform === 'win32')(
    'offers a unix socket that only its owner may open',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'socket-'));
      const socket = join(folder, 'mongo.sock');
      const { uri } = await started({ socket });
      expect(statSync(socket).mode & 0o777).toBe(0o600);
      const client = await MongoClient.connect(uri);
      expect(await client.db().command({ ping: 1 })).toMatchObject({ ok: 1 });
      await client.close();
      rmSync(folder, { recursive: true });
    },
  );

  it('does not start in production, nor beside a MONGODB_URI', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(start()).rejects.toThrow(/production/);
    vi.stubEnv('NODE_ENV', 'test');
    vi.stubEnv('MONGODB_URI', 'mongodb://db.example/');
    await expect(start()).rejects.toThrow(/MONGODB_URI/);
  });

  it('names itself in buildInfo', async () => {
    expect(await fixture.client.db('admin').command({ buildInfo: 1 })).toMatchObject({
      modules: ['embedded-dev'],
    });
  });
});
