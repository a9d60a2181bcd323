import { createServer } from 'node:net';
import { type CommandStartedEvent, MinKey } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { models } from '../../app/models/index.ts';
import { serveApp, useApp } from '../support/app.ts';

const app = useApp();

describe.each(models.map((model) => [model.path, model] as const))('%s', (path, model) => {
  it('keeps documents made around the API editable, as revision 0', async () => {
    const { insertedId } = await app.context.db
      .collection(model.collection)
      .insertOne({}, { bypassDocumentValidation: true });
    const at = `/api${path}/${insertedId.toHexString()}`;

    const read = await app.api.get(at);
    expect(read.status, read.text).toBe(200);
    expect(read.headers.get('etag')).toBe('"0"');
    const stale = await app.api.delete(at, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    const gone = await app.api.delete(at, { 'if-match': '"0"' });
    expect(gone.status, gone.text).toBe(204);
  });

  it('gives every query a time limit, and never lets the database run code', async () => {
    const seen: CommandStartedEvent[] = [];
    const listen = (event: CommandStartedEvent) => seen.push(event);
    app.context.client.on('commandStarted', listen);
    await app.api.get(`/api${path}?_rev[gt]=0&sort=-createdAt&count=exact`);
    await app.api.get(`/api${path}/000000000000000000000000`);
    app.context.client.off('commandStarted', listen);

    const queries = seen.filter(({ commandName }) => /^(find|aggregate|count)$/.test(commandName));
    expect(queries.length).toBeGreaterThan(1);
    for (const { command } of queries) {
      expect(command['maxTimeMS']).toBeGreaterThan(0);
      expect(JSON.stringify(command)).not.toMatch(/\$where|\$function|\$accumulator/);
    }
  });

  const typed = Object.entries(model.fields).filter(([, { type }]) => type !== 'json');

  it.each(typed.slice(0, 1))('has a validator in the database too: %s', async (name) => {
    const collection = app.context.db.collection(model.collection);
    const wrong = { [name]: new MinKey() };
    await expect(collection.insertOne(wrong)).rejects.toMatchObject({ code: 121 });
  });
});

it('answers 503 within three seconds while the database is away, and is alive', async () => {
  const away = await serveApp({
    NODE_ENV: 'production',
    LOG_LEVEL: 'silent',
    MONGODB_URI: `mongodb://127.0.0.1:${String(await unusedPort())}/app`,
  });
  try {
    for (const model of models.slice(0, 1)) {
      const started = performance.now();
      const answer = await away.api.get(`/api${model.path}`);
      expect(performance.now() - started).toBeLessThan(3000);
      expect(answer.status).toBe(503);
      expect(answer.problem.code).toBe('database_unavailable');
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|Mongo/);
    }
    expect((await away.api.get('/livez')).status).toBe(200);
    expect((await away.api.get('/readyz')).status).toBe(503);
  } finally {
    await away.stop();
  }
});

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
