// Many clients, clients that do not read, and clients that leave in the middle.
import { connect, type Socket } from 'node:net';
import { BSON, MongoClient } from 'mongodb';
import { afterAll, describe, expect, it } from 'vitest';

import { connected } from './client.ts';

const at = connected();
const sockets: Socket[] = [];
afterAll(() => sockets.forEach((socket) => socket.destroy()));

function raw(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(at.server.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
    sockets.push(socket);
  });
}

function message(command: object): Buffer {
  const body = BSON.serialize(command);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, body]);
}

/** Resolves when so many bytes have come. */
function received(socket: Socket, bytes: number): Promise<void> {
  let left = bytes;
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => {
      left -= chunk.length;
      if (left <= 0) resolve();
    });
    socket.on('close', () => reject(new Error(`closed, ${left} bytes before the end`)));
    socket.resume();
  });
}

describe('a crowd', () => {
  it('a thousand connections at once: each is answered', async () => {
    const crowd = await Promise.all(Array.from({ length: 1000 }, raw));
    const answers = crowd.map((socket) => received(socket, 21));
    for (const socket of crowd) socket.write(message({ ping: 1, $db: 'test' }));
    await Promise.all(answers);
    const { connections } = await at.db.command({ serverStatus: 1 });
    expect(connections.current).toBeGreaterThanOrEqual(1000);
    for (const socket of crowd) socket.removeAllListeners('close').destroy();
  });

  it('a client that does not read is not answered further until it does; then it gets all', async () => {
    await at.coll().insertOne({ _id: 1, text: 'x'.repeat(1_000_000) });
    const asked = 200;
    const ran = async () => (await at.db.command({ serverStatus: 1 })).opcounters.query as number;
    const before = await ran();
    const slow = await raw();
    slow.pause();
    const ask = message({ find: 'things', $db: 'test' });
    slow.write(Buffer.concat(Array.from({ length: asked }, () => ask)));
    let now = await ran();
    for (let same = 0; same < 20;) {
      await new Promise((next) => setTimeout(next, 10));
      const later = await ran();
      same = later === now ? same + 1 : 0;
      now = later;
    }
    expect(now - before).toBeGreaterThan(0);
    expect(now - before).toBeLessThan(asked / 2);
    await received(slow, asked * 1_000_000);
    expect((await ran()) - before).toBe(asked);
  });

  it('what a client that left had begun does not stand in the way of others', async () => {
    await at.coll().insertMany(Array.from({ length: 500 }, (_, _id) => ({ _id, n: 0 })));
    const leaving = await new MongoClient(at.server.uri).connect();
    const things = leaving.db('test').collection<{ _id: number; n: number }>('things');
    const cursor = things.find().batchSize(10);
    await cursor.next();
    const session = leaving.startSession();
    session.startTransaction();
    await things.updateOne({ _id: 1 }, { $set: { n: 1 } }, { session });
    await leaving.close();
    await at.coll().updateOne({ _id: 1 }, { $inc: { n: 5 } });
    expect(await at.coll().findOne({ _id: 1 })).toEqual({ _id: 1, n: 5 });
    const { metrics } = await at.db.command({ serverStatus: 1 });
    expect(metrics?.cursor?.open?.total ?? 0).toBe(0);
  });
});
