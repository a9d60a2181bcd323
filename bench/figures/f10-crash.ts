/** F10: the process is killed (SIGKILL) while clients create documents with Idempotency-Key and retry on every error. */
import { setTimeout as wait } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { uriOf } from '../../test/emitted/support/database.ts';
import { figure, full, send, syncDatabase, together } from './support.ts';

const rounds = full ? 20 : 3;
const writers = 10;

await figure(
  'F10',
  'every acknowledged create is there exactly once, and no key made two documents',
  async (bench) => {
    await syncDatabase(bench, 'crash', 'F10');
    let app = await bench.start('crash');
    let going = true;
    let kills = 0;
    const acknowledged = new Map<string, string>();

    const writing = together(writers, async (writer) => {
      for (let i = 0; going; i += 1) {
        const label = `Writer ${String(writer)} ${String(i)}`;
        acknowledged.set(label, await insist(label));
      }
    });

    for (let round = 0; round < rounds; round += 1) {
      await wait(300 + Math.random() * 700);
      await app.stop(); // SIGKILL
      kills += 1;
      app = await bench.start('crash');
    }
    await wait(500);
    going = false;
    await writing;

    const name = `figure_F10_crash_${String(process.pid)}`;
    const mongo = await new MongoClient(uriOf(bench.database, name)).connect();
    const found = await mongo.db().collection('things').find().toArray();
    await mongo.close();
    const counts = new Map<string, number>();
    for (const { label } of found) counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
    const lost = [...acknowledged.keys()].filter((label) => !counts.has(label)).length;
    const twice = [...counts.values()].filter((count) => count > 1).length;
    const other = [...acknowledged].filter(
      ([label, id]) => !found.some((one) => one.label === label && String(one._id) === id),
    ).length;
    return {
      measured: `${String(acknowledged.size)} creates over ${String(kills)} kills: ${String(lost)} lost, ${String(twice)} twice, ${String(other)} under another id`,
      pass: acknowledged.size > rounds && lost === 0 && twice === 0 && other === 0,
    };

    /** Sends one create under one key until it is answered 201; the id it was given. */
    async function insist(label: string): Promise<string> {
      const key = { 'idempotency-key': crypto.randomUUID() };
      for (;;) {
        try {
          const { status, body } = await send(app.url, 'POST', '/api/things', { label }, key);
          if (status === 201) return String(body._id);
          if (status !== 409 && status < 500)
            throw new TypeError(`POST answered ${String(status)} ${JSON.stringify(body)}`);
        } catch (error) {
          if (error instanceof TypeError && error.message.startsWith('POST answered')) throw error;
        }
        await wait(100);
      }
    }
  },
);
