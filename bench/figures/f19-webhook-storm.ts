/** F19: signed deliveries in a storm, a tenth of them twice, worked on by a function that fails every second time. */
import { createHmac, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { uriOf } from '../../test/emitted/support/database.ts';
import { repository } from '../../test/emitted/support/project.ts';
import { figure, full, syncDatabase } from './support.ts';

const events = full ? 9_000 : 450;
const senders = 50;
const secret = randomBytes(32).toString('hex');

/** What the user of the project wrote: half of its tries fail before they do anything. */
const receiver = `
import { webhook } from './webhook.ts';

export const stormWebhook = webhook({
  name: 'storm',
  scheme: 'github',
  secret: (variables) => variables.WEBHOOK_STORM_SECRET,
  async receive({ id }, { context }) {
    if (Math.random() < 0.5) throw new Error('the receiver is away');
    await context.db.collection('effects').insertOne({ delivery: id });
    return null;
  },
});
`;

const send = async (url: string, n: number): Promise<number> => {
  const body = JSON.stringify({ n });
  const digest = createHmac('sha256', secret).update(body).digest('hex');
  const { status } = await fetch(`${url}/webhooks/storm`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': `event-${String(n)}`,
      'x-hub-signature-256': `sha256=${digest}`,
    },
    body,
  });
  return status;
};

/** Sends all of them, so many at a time; how many were not accepted. */
const storm = async (url: string, numbers: readonly number[]): Promise<number> => {
  const left = [...numbers];
  let refused = 0;
  const one = async () => {
    for (let n = left.pop(); n !== undefined; n = left.pop())
      if ((await send(url, n)) !== 202) refused += 1;
  };
  await Promise.all(Array.from({ length: senders }, one));
  return refused;
};

await figure(
  'F19',
  'each event worked on once, none lost, one job an event',
  async (bench) => {
    const env = { WEBHOOK_STORM_SECRET: secret, JOB_RETRY_MS: '1' };
    await syncDatabase(bench, 'storm', 'F19', env);
    const { url } = await bench.start('storm', { env });
    const client = new MongoClient(
      uriOf(bench.database, `figure_F19_storm_${String(process.pid)}`),
    );
    try {
      const jobs = client.db().collection('job_queue');
      const effects = client.db().collection('effects');
      const numbers = Array.from({ length: events }, (_, n) => n);
      const again = numbers.filter((n) => n % 9 === 0);
      const refused = await storm(
        url,
        [...numbers, ...again].sort(() => Math.random() - 0.5),
      );
      let resent = 0;
      // The sender sends again what died; the rest is worked off.
      while ((await jobs.countDocuments({ state: 'done' })) < events) {
        const dead = await jobs.find({ state: 'dead' }).toArray();
        const lost = dead.map(({ key }) => Number(String(key).replace('event-', '')));
        resent += lost.length;
        await storm(url, lost);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const made = await jobs.countDocuments();
      const done = await effects.countDocuments();
      const different = (await effects.distinct('delivery')).length;
      return {
        measured: `${String(events + again.length)} deliveries of ${String(events)} events, ${String(refused)} refused, ${String(resent)} dead and sent again: ${String(made)} jobs, ${String(done)} effects of ${String(different)} events`,
        pass: refused === 0 && made === events && done === events && different === events,
      };
    } finally {
      await client.close();
    }
  },
  {
    spec: join(repository, 'test/emitted/fixtures/webhooks.json'),
    prepare: (project) => writeFile(join(project, 'app/webhooks/storm.ts'), receiver),
  },
);
