import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clean, conflict } from './support.ts';

const emitted = (path: string) =>
  readFileSync(join(import.meta.dirname, '../../examples/bookshop', path), 'utf8');

const swapped = (text: string, ...pairs: readonly (readonly [from: string, to: string])[]) =>
  pairs.reduce((result, [from, to]) => {
    expect(result).toContain(from);
    return result.replace(from, () => to);
  }, text);

const registry = 'app/routes/index.ts';
const routes = emitted(registry);
const added = swapped(
  routes,
  ['import { orderRoutes }', "import { noteRoutes } from './notes.ts';\nimport { orderRoutes }"],
  ['  orderRoutes,\n', '  noteRoutes,\n  orderRoutes,\n'],
);

it('a list that the user took out into a constant of its own gets what the generator adds', async () => {
  const list = /export const blueprints[^]*?\];\n/.exec(routes)?.[0] ?? '';
  const entries = [...list.matchAll(/^ {2}(\w+),$/gm)].map(([, entry]) => entry).join(', ');
  const all = (names: string) =>
    `const all = [${names}];\n\nexport const blueprints: readonly Blueprint[] = all.filter(Boolean);\n`;
  const ours = swapped(routes, [list, all(entries)]);
  const merged = await clean(registry, { base: routes, ours, theirs: added });
  expect(merged).toBe(
    swapped(
      ours,
      [
        'import { orderRoutes }',
        "import { noteRoutes } from './notes.ts';\nimport { orderRoutes }",
      ],
      [all(entries), all(entries.replace('orderRoutes', 'noteRoutes, orderRoutes'))],
    ),
  );
});

const path = 'app/models/product.ts';
const name = "    name: { type: 'string', required: true },\n";
const price = "    price: { type: 'number', min: 0 },\n";
const sku = "    sku: { type: 'string', unique: true },\n";
const fields = `  fields: {\n${name}${price}${sku}  },\n`;
const model = `import { model, type Stored } from '../core/model.ts';

export const product = model({
  name: 'product',
  plural: 'products',
  path: '/products',
  collection: 'products',
${fields}});

export type Product = Stored<typeof product>;
`;
const taken = swapped(
  model,
  [fields, '  fields,\n'],
  [
    'export const product',
    `const fields = {\n${[name, price, sku].map((line) => line.slice(2)).join('')}} as const;\n\nexport const product`,
  ],
);

it('fields in a constant of their own: one more, one fewer; remarks stay', async () => {
  const subtitle = "    subtitle: { type: 'string' },\n";
  const more = swapped(model, [name, name + subtitle]);
  const inner = name.slice(2);
  expect(await clean(path, { base: model, ours: taken, theirs: more })).toBe(
    swapped(taken, [inner, inner + subtitle.slice(2)]),
  );
  const fewer = swapped(model, [price, '']);
  expect(await clean(path, { base: model, ours: taken, theirs: fewer })).toBe(
    swapped(taken, [price.slice(2), '']),
  );
  const told = swapped(taken, ['const fields', '/** Mine. */\nconst fields']);
  expect(await clean(path, { base: model, ours: told, theirs: fewer })).toContain('/** Mine. */');
});

it('what changed around the fields as well is a conflict, and so is what went into another file', async () => {
  const around = swapped(model, [fields, fields.replace('fields:', 'columns:')]);
  await conflict(path, { base: model, ours: taken, theirs: around });
  const elsewhere = swapped(
    model,
    [fields, '  fields,\n'],
    ['import { model', "import { fields } from './fields.ts';\nimport { model"],
  );
  const theirs = swapped(model, [
    '  fields: {\n',
    "  fields: {\n    subtitle: { type: 'string' },\n",
  ]);
  await conflict(path, { base: model, ours: elsewhere, theirs });
});

it('a step beside one that both sides changed at different places', async () => {
  const routed = emitted('app/routes/books.ts');
  const copy = "    .post('/:id/copy', create(service))\n";
  const patched = "    .patch('/:id', patch(service))";
  const end = `${patched}\n    .delete('/:id', remove(service));\n});`;
  const guard = '}, () => (_req, _res, next) => {\n  next();\n});';
  const theirs = swapped(routed, [patched, `${patched}\n${copy.trimEnd()}`]);
  const ours = swapped(routed, [end, `${patched};\n${guard}`], [', remove', '']);
  const merged = await clean('app/routes/books.ts', { base: routed, ours, theirs });
  expect(merged).toBe(swapped(ours, [`${patched};`, `${patched}\n${copy.trimEnd()};`]));
});

it('the same field by hand with its options in another order is adopted', async () => {
  const theirs = swapped(model, [
    '  fields: {\n',
    "  fields: {\n    pages: { type: 'integer', min: 1 },\n",
  ]);
  const byHand = (options: string) => swapped(model, [sku, `    pages: { ${options} },\n${sku}`]);
  const ours = byHand("min: 1, type: 'integer'");
  expect(await clean(path, { base: model, ours, theirs })).toBe(ours);
  await conflict(path, { base: model, ours: byHand("min: 2, type: 'integer'"), theirs });
});
