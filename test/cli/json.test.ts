import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratch, tool } from './tool.ts';

const cwd = scratch();
const shop = ['shop', '--resource', 'product', 'name:string', '--no-install', '--no-git'];

/** The one document that is all of the output. */
async function document(args: readonly string[], at = cwd): Promise<unknown> {
  const { out, err } = await tool([...args, '--json'], { cwd: at });
  expect(err).toBe('');
  return JSON.parse(out);
}

describe('--json prints one document', () => {
  let written: unknown;
  beforeAll(async () => {
    written = await document(shop);
  });

  test('of a new project', () => {
    expect(written).toMatchObject({
      folder: 'shop',
      written: true,
      notes: [],
      next: ['cd shop && npm install', 'npm run dev'],
    });
    expect(written).toHaveProperty('files.0', { path: expect.any(String), status: 'create' });
  });

  test('of a refusal, with its code', async () => {
    expect(await document(shop)).toMatchObject({ error: { code: 3 } });
  });

  test('of routes', async () => {
    const { routes } = (await document(['routes'], join(cwd, 'shop/app'))) as { routes: unknown[] };
    expect(routes).toContainEqual({
      method: 'POST',
      path: '/api/products',
      access: 'public',
      file: 'app/routes/products.ts',
      line: expect.any(Number),
    });
  });

  test('of doctor, which finds that the packages are missing', async () => {
    const { checks } = (await document(['doctor', '--cwd', 'shop'])) as {
      checks: { ok: boolean; what: string; do?: string }[];
    };
    expect(checks).toContainEqual({
      ok: false,
      what: 'packages are not installed',
      do: 'npm install',
    });
  });

  test('of the examples', async () => {
    const { examples } = (await document(['example'])) as { examples: { name: string }[] };
    expect(examples.map(({ name }) => name)).toContain('bookshop');
  });
});

test('routes and doctor outside of a project are exit 1 and name --cwd', async () => {
  const empty = scratch();
  for (const command of ['routes', 'doctor']) {
    const { code, err } = await tool([command], { cwd: empty });
    expect(code).toBe(1);
    expect(err).toContain('--cwd');
  }
});

test('an example is emitted by its name', async () => {
  const { code, out } = await tool(['example', 'minimal', 'small', '--no-install', '--no-git'], {
    cwd,
  });
  expect(code).toBe(0);
  expect(out).toMatch(/^small: \d+ files/);
});
