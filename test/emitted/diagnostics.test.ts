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
