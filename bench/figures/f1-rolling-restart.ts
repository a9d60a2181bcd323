/** F1: two copies of the project behind a proxy are stopped with SIGTERM and started again, each in turn, under load. */
import { setTimeout as wait } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { uriOf } from '../../test/emitted/support/database.ts';
import type { Started } from '../../test/emitted/support/process.ts';
import { startBalancer } from './balancer.ts';
import { figure, full, send, syncDatabase, together } from './support.ts';

const rounds = full ? 3 : 1;
const writers = 20;
const thinkMs = 10;

interface Written {
  readonly name: string;
  readonly status: number;
  readonly id: string;
}

await figure(
  'F1',
  'no request fails while each copy is restarted in turn; every acknowledged create is there, and none is there twice',
  async (bench) => {
    await syncDatabase(bench, 'rolling', 'F1');
    const copies: Started[] = [await bench.start('rolling'), await bench.start('rolling')];
    const balancer = await startBalancer(copies.map(({ url }) => url));
    await balancer.ready(2);

    let going = true;
    const written: Written[] = [];
    const writing = together(writers, async (writer) => {
      for (let i = 0; going; i += 1) {
        const name = `Writer ${String(writer)} ${String(i)}`;
        written.push(await write(balancer.url, name));
        await wait(thinkMs);
      }
    });

    const exits: (number | null)[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const at of copies.keys()) {
        await wait(500);
        const before = copies[at];
        before?.child.kill('SIGTERM');
        exits.push((await before?.ended) ?? null);
        const after = await bench.start('rolling');
        copies[at] = after;
        balancer.replace(at, after.url);
        await balancer.ready(2);
      }
    }
    await wait(500);
    going = false;
    await writing;
    balancer.stop();

    const mongo = new MongoClient(
      uriOf(bench.database, `figure_F1_rolling_${String(process.pid)}`),
    );
    const found = await mongo.db().collection('products').find().toArray();
    await mongo.close();
    const names = new Map<string, string[]>();
    for (const { name, _id } of found)
      names.set(String(name), [...(names.get(String(name)) ?? []), String(_id)]);

    const acknowledged = written.filter(({ status }) => status === 201);
    const failed = written.length - acknowledged.length;
    const lost = acknowledged.filter(({ name, id }) => names.get(name)?.includes(id) !== true);
    const twice = [...names.values()].filter((ids) => ids.length > 1).length;
    const clean = exits.filter((code) => code === 0).length;
    return {
      measured: `${String(exits.length)} restarts, ${String(clean)} with exit code 0; ${String(written.length)} creates: ${String(failed)} failed, ${String(lost.length)} acknowledged and lost, ${String(twice)} twice; by copy ${balancer.counts().join(', ')}`,
      pass:
        clean === 2 * rounds &&
        acknowledged.length > 100 * rounds &&
        failed === 0 &&
        lost.length === 0 &&
        twice === 0,
    };
  },
);

/** One create; status 0 when no answer came. */
async function write(url: string, name: string): Promise<Written> {
  try {
    const { status, body } = await send(url, 'POST', '/api/products', { name, price: 1 });
    return { name, status, id: String(body._id) };
  } catch {
    return { name, status: 0, id: '' };
  }
}
