import { expect, it } from 'vitest';
import { client } from '../../templates/project/tests/support/client.ts';
import { useDatabase, useProject } from './support/hooks.ts';
import { useKitchen } from './support/in-process.ts';
import { startProcess } from './support/process.ts';
import { make, product } from './support/samples.ts';

const app = useKitchen();

/** Log lines that warn of a collection scan. */
const warnings = () => app.log.filter((line) => line.includes('it has no index'));

it('C95 tells the time of the database and the plan with the first answer, in debug mode', async () => {
  const { _id } = await make(app.api, '/api/products', product());
  const one = await app.api.get(`/api/products/${_id}`);
  expect(one.headers.get('server-timing')).toMatch(
    /^db;dur=\d+\.\d, plan;desc="(IDHACK|\w*IXSCAN)"$/,
  );
  const none = await app.api.get('/api/nothing');
  expect(none.headers.get('server-timing')).toBe('db;dur=0.0');
});

it('C95 warns once of each shape of query that reads the whole collection', async () => {
  const before = warnings().length;
  for (const query of ['price[gt]=1', 'price[gt]=2', 'price[gt]=3&page=1']) {
    const { headers } = await app.api.get(`/api/products?${query}`);
    expect(headers.get('server-timing')).toContain('COLLSCAN');
  }
  expect(warnings().slice(before)).toHaveLength(1);
  expect(warnings().at(-1)).toContain('"$gt":"?"');
  await app.api.get('/api/products');
  expect(warnings().slice(before)).toHaveLength(1);
});

it('C91 the commands of a traced request carry its trace, and those of others none', async () => {
  const { _id } = await make(app.api, '/api/products', product());
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
  const sent = async (method: string, path: string, body?: object, headers = { traceparent }) => {
    const before = app.commands.length;
    const { status, text } = await app.api.request(method, path, {
      headers,
      ...(body && { body }),
    });
    expect(status, text).toBeLessThan(300);
    return (
      app.commands
        .slice(before)
        // Of the resource's own collection: not what is asked of others because of it.
        .filter(({ commandName, command }) => command[commandName] === 'products')
        .map(({ commandName, command }) => [commandName, String(command.comment)] as const)
    );
  };
  const traced = [
    ...(await sent('POST', '/api/products', product())),
    ...(await sent('GET', '/api/products?price=1')),
    ...(await sent('GET', `/api/products/${_id}`)),
    ...(await sent('PATCH', `/api/products/${_id}`, { price: 77 })),
    ...(await sent('DELETE', `/api/products/${_id}`)),
  ];
  expect([...new Set(traced.map(([name]) => name))].sort()).toEqual(
    expect.arrayContaining(['aggregate', 'delete', 'find', 'findAndModify', 'insert']),
  );
  for (const [name, comment] of traced)
    expect(comment, name).toMatch(/^00-(ab){16}-(?!(cd){8})\w{16}-01$/);
  const plain = await sent('GET', '/api/products?price=1', undefined, { traceparent: '' });
  expect(plain.map(([, comment]) => comment)).toEqual(plain.map(() => 'undefined'));
});

const built = useProject();
const database = useDatabase();

it('C95 leaves nothing of it in production', async () => {
  const started = await startProcess(built.path, {
    NODE_ENV: 'production',
    MONGODB_URI: database.uri,
  });
  const { headers, status } = await client(started.url).get('/api/products?price[gt]=1');
  await started.stop();
  expect(status).toBe(200);
  expect(headers.get('server-timing')).toBeNull();
  expect(started.lines.filter((line) => line.includes('it has no index'))).toEqual([]);
});
