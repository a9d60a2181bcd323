import { transform } from 'esbuild';
import type { Db, Document } from 'mongodb';
import { expect, test } from 'vitest';
import { collectionMigration, fieldMigration, migrationOp } from '../../src/plan/migrations.ts';
import { render } from '../../src/render/index.ts';
import { format } from '../../src/render/format.ts';
import type { FieldSpec } from '../../src/spec/schema.ts';
import { syncDatabase } from '../../templates/project/app/core/sync.ts';
import { defaultLimits, type Context } from '../../templates/project/app/core/context.ts';
import { connected } from '../embedded-mongo/client.ts';
import { specOf, templates } from './support.ts';

const at = connected();

type Kind = Parameters<typeof migrationOp>[0];

async function textOf(migration: Kind): Promise<string> {
  const op = migrationOp(migration, 7, templates, {});
  const [file] = [...(await render([op])).values()];
  return format(op.path, Buffer.from(file?.content ?? '').toString('utf8'));
}

/** Runs a migration as `db:migrate` does. */
async function run(migration: Kind): Promise<void> {
  const { code } = await transform(await textOf(migration), { loader: 'ts', format: 'esm' });
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const { up } = (await import(/* @vite-ignore */ url)) as {
    up: (context: { db: Db }) => Promise<void>;
  };
  await up(at);
}

const fields: Record<string, FieldSpec> = {
  title: { type: 'string', required: true, unique: true },
  address: { type: 'object', fields: { street: { type: 'string', index: true } } },
  lines: {
    type: 'object',
    array: true,
    fields: {
      sku: { type: 'string' },
      meta: { type: 'object', fields: { note: { type: 'string' } } },
      parts: { type: 'object', array: true, fields: { code: { type: 'string' } } },
    },
  },
  box: {
    type: 'object',
    fields: { items: { type: 'object', array: true, fields: { n: { type: 'integer' } } } },
  },
};
const spec = specOf({ product: fields });
const resource = spec.resources['product'];
const rename = (path: string, name: string) => {
  if (resource === undefined) throw new Error('no product');
  return fieldMigration({ key: 'product', resource, path: path.split('.'), name });
};

test.each<[string, string, Document[], Document[]]>([
  [
    'title',
    'name',
    [{ title: 'a' }, { title: null }, { other: 1 }],
    [{ name: 'a' }, { name: null }, { other: 1 }],
  ],
  [
    'address.street',
    'road',
    [{ address: { street: 'x', no: 1 } }, { address: {} }, {}],
    [{ address: { no: 1, road: 'x' } }, { address: {} }, {}],
  ],
  [
    'lines.sku',
    'code',
    [{ lines: [{ sku: 'a', n: 1 }, { n: 2 }, {}] }, { lines: [] }, { lines: null }, {}],
    [{ lines: [{ n: 1, code: 'a' }, { n: 2 }, {}] }, { lines: [] }, { lines: null }, {}],
  ],
  [
    'lines.meta.note',
    'text',
    [{ lines: [{ meta: { note: 'a', z: 0 } }, { meta: null }, { sku: 's' }, { meta: {} }] }],
    [{ lines: [{ meta: { z: 0, text: 'a' } }, { meta: null }, { sku: 's' }, { meta: {} }] }],
  ],
  [
    'lines.parts.code',
    'id2',
    [{ lines: [{ parts: [{ code: 'a' }, {}] }, { parts: null }, { parts: [] }, {}] }],
    [{ lines: [{ parts: [{ id2: 'a' }, {}] }, { parts: null }, { parts: [] }, {}] }],
  ],
  [
    'box.items.n',
    'count',
    [{ box: { a: 1, items: [{ n: 1 }] } }],
    [{ box: { a: 1, items: [{ count: 1 }] } }],
  ],
  ['lines', 'rows', [{ lines: [{ sku: 'a' }] }], [{ rows: [{ sku: 'a' }] }]],
])(
  'the documents get %s as %s, each once, whatever they hold',
  async (path, name, before, after) => {
    const products = at.db.collection('products');
    await products.insertMany(before.map((document) => ({ ...document, _rev: 1 })));
    const touched = await products.countDocuments({ [path]: { $exists: true } });
    const migration = rename(path, name);
    await run(migration);
    const read = () => products.find({}, { projection: { _id: 0 } }).toArray();
    const once = await read();
    expect(once.map(({ _rev, ...rest }) => rest)).toEqual(after);
    expect(once.filter(({ _rev }) => _rev === 2)).toHaveLength(touched);
    expect(touched).toBeGreaterThan(0);
    await run(migration);
    expect(await read()).toEqual(once);
  },
);

test('a unique field is renamed under the validator and the index of its old name', async () => {
  const context = (model: unknown): Context =>
    ({ db: at.db, models: [model], config: { limits: defaultLimits } }) as never;
  const model = (own: Record<string, FieldSpec>) => ({ name: 'product', ...resource, fields: own });
  const { title, ...others } = fields;
  await syncDatabase(context(model(fields)));
  const products = at.db.collection<Document>('products');
  await products.insertMany(
    [
      { title: 'a', _rev: 1 },
      { title: 'b', _rev: 1 },
    ],
    { bypassDocumentValidation: true },
  );
  await run(rename('title', 'name'));
  await syncDatabase(context(model({ ...others, name: title ?? { type: 'string' } })));
  expect(await products.distinct('name')).toEqual(['a', 'b']);
  const names = (await products.indexes()).map(({ name }) => name);
  expect(names).toContain('name_unique');
  expect(names).not.toContain('title_unique');
});

test('a collection is renamed once, into one that sync has made, and never over documents', async () => {
  const migration = collectionMigration('product', 'products', 'goods');
  await run(migration);
  await at.db.collection('products').insertOne({ a: 1 });
  await at.db.createCollection('goods');
  await run(migration);
  await run(migration);
  expect(await at.db.collection('goods').countDocuments()).toBe(1);
  expect(await at.db.listCollections({ name: 'products' }).toArray()).toEqual([]);
  await at.db.collection('products').insertOne({ b: 1 });
  await expect(run(migration)).rejects.toThrow(/exists/);
  expect(await at.db.collection('goods').countDocuments()).toBe(1);
});

test('it is laid out like every file, and its name says what it does', async () => {
  const op = migrationOp(rename('lines.parts.code', 'partCode'), 7, templates, {});
  expect([op.path, op.merge]).toEqual([
    'migrations/0007-rename-product-lines-parts-code-to-part-code.ts',
    'seed',
  ]);
  expect(await textOf(rename('title', 'name'))).toMatchInlineSnapshot(`
    "import type { Migration } from '../app/ops/migrate.ts';

    /**
     * product.title is called name from here on.
     * \`db:migrate\` runs it; \`db:sync\` comes after it, for validators and indexes.
     */
    export const up: Migration['up'] = async ({ db }) => {
      const documents = db.collection('products');
      // Documents without the old field would count as equal in its index.
      const [found] = await db.listCollections({ name: 'products' }).toArray();
      const indexes = found === undefined ? [] : await documents.indexes();
      for (const { name = '' } of indexes)
        if (['title_unique'].includes(name)) await documents.dropIndex(name);
      // The validator still knows the old name. What is answered changes, so does the revision.
      await documents.updateMany(
        { title: { $exists: true } },
        { $rename: { title: 'name' }, $inc: { _rev: 1 } },
        { bypassDocumentValidation: true },
      );
    };
    "
  `);
});
