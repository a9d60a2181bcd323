import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { planFieldRemoval } from '../../src/project/remove.ts';
import { planFieldRenames } from '../../src/project/renames/fields.ts';
import { planResourceRename } from '../../src/project/renames/resource.ts';
import { applyTo } from './edits.ts';
import { emitted, generator, templates } from './support.ts';

const service = 'app/services/products.ts';

/** A project in which the user has written this in the service of products, and other files. */
async function edited(code: string, others: Record<string, string> = {}): Promise<string> {
  const root = await emitted();
  const text = readFileSync(path.join(root, service), 'utf8');
  writeFileSync(path.join(root, service), `${text}\n${code}`);
  for (const [file, content] of Object.entries(others)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
  return root;
}

const lines = (root: string, file: string) => readFileSync(path.join(root, file), 'utf8');

test('code that means the field follows, whatever it is written like; words that only look like it do not', async () => {
  const root = await edited(
    [
      "import type { Product } from '../models/product.ts';",
      '',
      'export const shown = ({ name, ...rest }: Product) => ({ rest, name });',
      'export const initial = (one: Product | undefined) => one?.name.charAt(0);',
      "export const picked = (one: Product) => one['name'];",
      'export const fields: (keyof Product)[] = [];',
      "export const other = { name: 'name' };",
      'export const length = product.fields.name.type;',
      '',
    ].join('\n'),
    {
      'app/own.ts':
        "import type { Product } from './models/product.ts';\n\nexport const of = (one: Product) => one.name;\n",
    },
  );
  const plan = await planFieldRenames({ root, templates, generator }, [
    { resource: 'products', from: 'name', to: 'title' },
  ]);
  expect(plan.conflicts).toEqual([]);
  expect(plan.notes.join()).toMatch(/name is still written in .*app\/own\.ts:3/);
  applyTo(root, plan.changes);
  const text = lines(root, service);
  expect(text).toContain('({ title: name, ...rest }: Product) => ({ rest, name })');
  expect(text).toContain('one?.title.charAt(0)');
  expect(text).toContain("one['title']");
  expect(text).toContain("{ name: 'name' }");
  expect(text).toContain('product.fields.title.type');
  expect(lines(root, 'app/own.ts')).toContain('one.name');
  expect(lines(root, 'app/models/product.ts')).toContain('title: {');
});

test('nobody has edited anything: nothing is left, and the migration is written', async () => {
  const root = await emitted();
  const plan = await planFieldRenames({ root, templates, generator }, [
    { resource: 'product', from: 'name', to: 'title' },
  ]);
  expect(plan.notes).toEqual([]);
  expect(plan.changes.map(({ path: file }) => file)).toContain(
    'migrations/0001-rename-product-name-to-title.ts',
  );
});

test('code that takes two resources alike is left, and told; the other resource keeps its field', async () => {
  const root = await edited(
    [
      "import type { Category } from '../models/category.ts';",
      "import type { Product } from '../models/product.ts';",
      '',
      'export const either = (one: Category | Product) => one.name;',
      'export const mine = (one: Product) => one.name;',
      '',
    ].join('\n'),
  );
  const plan = await planFieldRenames({ root, templates, generator }, [
    { resource: 'product', from: 'name', to: 'title' },
  ]);
  applyTo(root, plan.changes);
  const text = lines(root, service);
  expect(text).toContain('(one: Category | Product) => one.name');
  expect(text).toContain('(one: Product) => one.title');
  expect(lines(root, 'app/models/category.ts')).toContain('name: {');
  const line = text.split('\n').findIndex((row) => row.includes('either')) + 1;
  expect(plan.notes.join()).toContain(`${service}:${line}`);
});

test('a migration is numbered behind those that are there', async () => {
  const root = await edited('', {
    'migrations/0007-mine.ts': 'export const up = async () => {};\n',
    'migrations/notes.txt': 'mine\n',
  });
  const plan = await planFieldRenames({ root, templates, generator }, [
    { resource: 'product', from: 'name', to: 'title' },
  ]);
  const made = plan.changes.filter(({ path: file }) => file.startsWith('migrations/'));
  expect(made.map(({ path: file, kind }) => [file, kind])).toEqual([
    ['migrations/0008-rename-product-name-to-title.ts', 'create'],
  ]);
});

test('a resource is renamed with the names and imports in its edited files', async () => {
  const root = await edited(
    "import type { Product } from '../models/product.ts';\n\nexport const count = (all: Product[]) => [all.length, products.length];\n",
  );
  const plan = await planResourceRename({ root, templates, generator }, 'product', 'good');
  expect(plan.conflicts).toEqual([]);
  applyTo(root, plan.changes);
  const text = lines(root, 'app/services/goods.ts');
  expect(text).toContain("import type { Good } from '../models/good.ts';");
  expect(text).toContain('(all: Good[]) => [all.length, goods.length]');
  expect(text).not.toMatch(/product/i);
});

const model = 'app/models/product.ts';
const taken = [
  "import { model, type Stored } from '../core/model.ts';",
  '',
  "const fields = { name: { type: 'string' }, category: { type: 'ref', to: 'category' } } as const;",
  '',
  'export const product = model({',
  "  name: 'product',",
  "  plural: 'products',",
  "  path: '/products',",
  "  collection: 'products',",
  '  fields,',
  '});',
  '',
  'export type Product = Stored<typeof product>;',
  '',
].join('\n');

test('a field in a constant of the user is renamed there; in another file the model is a conflict, never left behind', async () => {
  const words = [{ resource: 'product', from: 'name', to: 'title' }];
  const root = await edited('export const shown = (one: { name: string }) => one.name;\n', {
    [model]: taken,
  });
  const plan = await planFieldRenames({ root, templates, generator }, words);
  applyTo(root, plan.changes);
  expect(lines(root, model)).toBe(taken.replace('{ name: {', '{ title: {'));
  const away = await edited('', {
    [model]: taken.replace(/const fields[^]*?;\n/, "import { fields } from './fields.ts';\n"),
    'app/models/fields.ts': "export const fields = { name: { type: 'string' } } as const;\n",
  });
  const refused = await planFieldRenames({ root: away, templates, generator }, words);
  expect(refused.conflicts.map(({ path: file }) => file)).toEqual([model]);
});

const own = [
  'export const initial = (one: Product) => one.name?.charAt(0);',
  "export type Shown = Pick<Product, 'name' | 'category'>;",
  "export type Other = Pick<{ name: string }, 'name'>;",
  '',
].join('\n');

async function withOwn(): Promise<string> {
  const root = await edited('');
  const file = path.join(root, model);
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n${own}`);
  return root;
}

test('a key in a type follows, where it is one of the model', async () => {
  const root = await withOwn();
  const plan = await planFieldRenames({ root, templates, generator }, [
    { resource: 'product', from: 'name', to: 'title' },
  ]);
  applyTo(root, plan.changes);
  expect(lines(root, model)).toContain(
    own.replace('one.name', 'one.title').replace("Product, 'name'", "Product, 'title'"),
  );
});

test('a field that goes and is used in the file of its model is a conflict', async () => {
  const root = await withOwn();
  const first =
    lines(root, model)
      .split('\n')
      .indexOf(own.split('\n')[0] ?? '') + 1;
  const plan = await planFieldRemoval({ root, templates, generator }, 'product', 'name');
  expect(plan.conflicts).toMatchObject([
    {
      path: model,
      conflict: {
        kind: 'used',
        reason: `product.name goes, and is used at ${model}:${first}, ${model}:${first + 1}`,
      },
    },
  ]);
});

test('a resource that the user took out of a list stays out of it under its new name', async () => {
  const root = await emitted();
  const registry = 'app/routes/index.ts';
  const kept = lines(root, registry)
    .split('\n')
    .filter((line) => !line.includes('product'))
    .join('\n');
  writeFileSync(path.join(root, registry), kept);
  const plan = await planResourceRename({ root, templates, generator }, 'products', 'article');
  expect(plan.conflicts).toEqual([]);
  applyTo(root, plan.changes);
  expect(lines(root, registry)).toBe(kept);
});
