/** F1: two instances behind a load balancer are restarted in turn while clients write: nobody sees it. */
import { setTimeout as wait } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { Started } from '../../test/emitted/support/process.ts';
import { uriOf } from '../../test/emitted/support/database.ts';
import { startBalancer } from './balancer.ts';
import { databaseOf, figure, full, send, syncDatabase, together } from './support.ts';

const rounds = full ? 3 : 1;
const writers = 20;
const thinkMs = 10;

await figure(
  'F1',
  'no request failed, every acknowledged write there exactly once, each process ends with 0',
  async (bench) => {
    await syncDatabase(bench, 'rolling', 'F1');
    const balancer = await startBalancer();
    const instances = [await bench.start('rolling'), await bench.start('rolling')];
    const serve = () => {
      balancer.serve(instances.map(({ url }) => url));
    };
    const ready = async ({ url }: Started) => {
      while (!balancer.isReady(url)) await wait(50);
    };
    serve();
    await Promise.all(instances.map(ready));

    let going = true;
    const failures: string[] = [];
    const acknowledged: string[] = [];
    const writing = together(writers, async (writer) => {
      for (let i = 0; going; i += 1) {
        const name = `Writer ${String(writer)} ${String(i)}`;
        const { status } = await send(balancer.url, 'POST', '/api/products', {
          name,
          price: 1,
        }).catch((error: unknown) => ({ status: String(error) }));
        if (status === 201) acknowledged.push(name);
        else failures.push(String(status));
        await wait(thinkMs);
      }
    });

    const codes: (number | null)[] = [];
    for (let restart = 0; restart < rounds * 2; restart += 1) {
      await wait(1000);
      const old = instances[restart % 2];
      old?.child.kill('SIGTERM');
      codes.push((await old?.ended) ?? null);
      const fresh = await bench.start('rolling');
      instances[restart % 2] = fresh;
      serve();
      await ready(fresh);
    }
    await wait(1000);
    going = false;
    await writing;
    balancer.stop();

    const mongo = await new MongoClient(
      uriOf(bench.database, databaseOf('F1', 'rolling')),
    ).connect();
    const found = await mongo.db().collection('products').find().toArray();
    await mongo.close();
    const names = found.map(({ name }) => String(name));
    const stored = new Set(names);
    const lost = acknowledged.filter((name) => !stored.has(name)).length;
    const twice = names.length - stored.size;
    return {
      measured:
        `${String(writers)} writers over ${String(codes.length)} restarts: ${String(acknowledged.length)} writes acknowledged, ` +
        `${String(failures.length)} failed${failures.length > 0 ? ` (${[...new Set(failures)].join(', ')})` : ''}, ${String(lost)} lost, ${String(twice)} twice; exit codes ${codes.join(' ')}`,
      pass:
        acknowledged.length > writers &&
        failures.length === 0 &&
        lost === 0 &&
        twice === 0 &&
        codes.every((code) => code === 0),
    };
  },
);
