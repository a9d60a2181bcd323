import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { styleOf } from '../../src/merge/index.ts';
import { bytes, clean, conflict, merge, textOf } from './support.ts';

const emitted = (path: string) =>
  readFileSync(join(import.meta.dirname, '../../examples/bookshop', path), 'utf8');

/** Puts text behind a place that has to be there. */
function behind(text: string, place: string, added: string): string {
  expect(text).toContain(place);
  return text.replace(place, () => place + added);
}

const path = 'app/models/book.ts';
const model = emitted(path);
const last = "    category: { type: 'ref', onDelete: 'nullify', to: 'category' },\n";
const field = (name: string, type: string) => `    ${name}: { type: '${type}' },\n`;

it("both add a field at the end: the user's first", async () => {
  const merged = await clean(path, {
    base: model,
    ours: behind(model, last, field('mine', 'string')),
    theirs: behind(model, last, field('rating', 'integer')),
  });
  expect(merged).toBe(behind(model, last, field('mine', 'string') + field('rating', 'integer')));
});

it('a field that the user wrote by hand is adopted when it is the same, and named when it is not', async () => {
  const theirs = behind(model, last, field('rating', 'integer'));
  const ours = (type: string) => behind(model, '  fields: {\n', field('rating', type));
  expect(await clean(path, { base: model, ours: ours('integer'), theirs })).toBe(ours('integer'));
  const { reason, kept } = await conflict(path, { base: model, ours: ours('string'), theirs });
  expect(reason).toBe('line 10: rating was added by hand, and by the generator in another form');
  expect(kept).toBe(ours('string'));
});

it('a field by hand in another layout, its name in quotes, is the same', async () => {
  const field = "    subtitle: { type: 'string', maxLength: 200 },\n";
  const own = '    "subtitle": {\n      type: "string",\n      maxLength: 200\n    }, // mine\n';
  const before = '    author: {';
  const ours = model.replace(before, own + before);
  const theirs = model.replace('    isbn:', `${field}    isbn:`);
  expect(await clean(path, { base: model, ours, theirs })).toBe(ours);
});

it('a route that both added is there once; with another handler it is a conflict', async () => {
  const routes = emitted('app/routes/books.ts');
  const end = ".delete('/:id', remove(service))";
  const route = (handler: string) => `\n    .get('/:id/cover', ${handler}(service))`;
  const theirs = behind(routes, end, route('read'));
  const ours = behind(routes, "    .get('/', list(service))", route('read'));
  const merged = await clean('app/routes/books.ts', { base: routes, ours, theirs });
  expect(merged).toBe(ours);
  const other = behind(routes, "    .get('/', list(service))", route('list'));
  const { reason } = await conflict('app/routes/books.ts', { base: routes, ours: other, theirs });
  expect(reason).toContain('line 10: GET /:id/cover was added by hand');
});

it('imports of one module are united; entries of a registry stand in the alphabet', async () => {
  const index = emitted('app/models/index.ts');
  const add = (name: string, before: string) =>
    index
      .replace(`import { ${before} }`, (text) => `import { ${name} } from './${name}.ts';\n${text}`)
      .replace(`  ${before},\n`, (text) => `  ${name},\n${text}`);
  const merged = await clean('app/models/index.ts', {
    base: index,
    ours: add('basket', 'book'),
    theirs: add('bill', 'book'),
  });
  expect(merged.match(/^ {2}\w+,$/gm)?.map((line) => line.trim())).toEqual([
    ...['author,', 'basket,', 'bill,', 'book,', 'category,', 'customer,', 'order,'],
  ]);
  const base = "import { a } from 'x';\n\nexport const y = a;\n\nexport const z = a;\n";
  const united = await clean('a.ts', {
    base,
    ours: base.replace('{ a }', '{ a, mine }').replace('y = a', 'y = mine'),
    theirs: base.replace('{ a }', '{ a, theirs }').replace('z = a', 'z = theirs'),
  });
  expect(united).toContain("import { a, mine, theirs } from 'x';");
});

it('a body that the user wrapped takes the changes of the generator at their new depth', async () => {
  const base = 'export function f() {\n  const a = one();\n  return a;\n}\n';
  const merged = await clean('a.ts', {
    base,
    ours: 'export function f() {\n  try {\n    const a = one();\n    return a;\n  } catch {\n    return 0;\n  }\n}\n',
    theirs: base.replace('  return a', '  log(a);\n  return a'),
  });
  expect(merged).toContain('    const a = one();\n    log(a);\n    return a;\n');
});

it('what the generator adds uses the names that the user gave', async () => {
  const routes = emitted('app/routes/books.ts');
  const merged = await clean('app/routes/books.ts', {
    base: routes,
    ours: routes.replaceAll(/\bservice\b(?!s)/g, 'rules'),
    theirs: behind(
      routes,
      ".delete('/:id', remove(service))",
      "\n    .get('/:id/x', read(service))",
    ),
  });
  expect(merged).toContain(".get('/:id/x', read(rules));");
});

it("the user's own style: declared, in code that is not run, or tabs", async () => {
  const ours = model
    .replaceAll("'", '"')
    .replaceAll(/^(?: {2})+/gm, (text) => '\t'.repeat(text.length / 2));
  const theirs = behind(model, last, field('rating', 'integer'));
  const rc = JSON.stringify({ useTabs: true, printWidth: 100 });
  const declared = await styleOf(new Map([['.prettierrc', bytes(rc)]]));
  for (const style of [declared, await styleOf(new Map())]) {
    const merged = await clean(path, { base: model, ours, theirs, style });
    expect(merged).toContain(
      '\t\tcategory: { type: "ref", onDelete: "nullify", to: "category" },\n\t\trating: { type: "integer" },\n',
    );
    expect(merged.replace('\t\trating: { type: "integer" },\n', '')).toBe(ours);
  }
});

it('comments of the user stay at what they are about', async () => {
  const merged = await clean(path, {
    base: model,
    ours: model
      .replace('    stock:', '    // counted each night\n    stock:')
      .replace('default: 0 },', 'default: 0 }, // never null'),
    theirs: model.replace('min: 0,', 'min: 1,'),
  });
  expect(merged).toContain(
    "    // counted each night\n    stock: { type: 'integer', min: 1, default: 0 }, // never null\n",
  );
});

it('other words of one line of a comment are brought together', async () => {
  const base = '/**\n * The rules of /books.\n */\nexport const a = 1;\n';
  const texts = {
    base,
    ours: base.replace('The', 'Our'),
    theirs: base.replace('books', 'volumes'),
  };
  expect(await clean('a.ts', texts)).toContain(' * Our rules of /volumes.\n');
  const { reason } = await conflict('a.ts', { ...texts, theirs: base.replace('The', 'All') });
  expect(reason).toBe('line 4: both sides changed a comment');
});

it('removed by one side, changed by the other: a conflict that names it', async () => {
  const line = "    stock: { type: 'integer', min: 0, default: 0 },\n";
  const without = model.replace(line, '');
  const changed = model.replace('min: 0,', 'min: 1,');
  const removed = await conflict(path, { base: model, ours: without, theirs: changed });
  expect(removed.reason).toContain('you removed stock, which the generator changes');
  expect(removed.marked).toContain('<<<<<<< yours\n||||||| last generated 0.1.0\n');
  const kept = await conflict(path, { base: model, ours: changed, theirs: without });
  expect(kept.reason).toBe('line 13: you changed stock, which the generator removes');
  expect(kept.kept).toBe(changed);
});

it("a use of the user's of what the generator removes is a conflict", async () => {
  const base = "import { a } from 'x';\n\nexport const one = a;\n\nexport const two = 2;\n";
  const { reason } = await conflict('a.ts', {
    base,
    ours: `${base}\nexport const three = a;\n`,
    theirs: 'export const two = 2;\n',
  });
  expect(reason).toContain('a is no longer declared');
});

it("statements that both insert at one place: the user's first, and told; neighbouring changes are none", async () => {
  const base = 'export function f() {\n  one();\n  two();\n}\n';
  const add = (text: string) => base.replace('  two', `  ${text};\n  two`);
  const beside = await merge('a.ts', { base, ours: add('mine()'), theirs: add('theirs()') });
  expect(beside).toMatchObject({
    kind: 'clean',
    notes: ['line 3: both sides inserted here, yours stands first'],
  });
  expect(beside.kind === 'clean' && textOf(beside.content)).toBe(
    base.replace('  two', '  mine();\n  theirs();\n  two'),
  );
  // What stands behind a jump is never reached, and a name is declared once.
  await conflict('a.ts', { base, ours: add('return mine()'), theirs: add('theirs()') });
  await conflict('a.ts', { base, ours: add('const a = mine'), theirs: add('const a = theirs') });
  // Arguments have their places.
  const call = 'f(1);\n';
  await conflict('a.ts', { base: call, ours: 'f(1, mine);\n', theirs: 'f(1, theirs);\n' });
  const merged = await clean('a.ts', {
    base,
    ours: base.replace('one()', 'one(1)'),
    theirs: base.replace('two()', 'two(2)'),
  });
  expect(merged).toContain('  one(1);\n  two(2);\n');
});

it('a file that does not parse is merged by its lines, or not at all', async () => {
  const base = 'const a = 1;\n\n\nconst b = 2;\n';
  const ours = base.replace('a = 1', 'a = (1');
  expect(await clean('a.ts', { base, ours, theirs: base.replace('2', '3') })).toBe(
    ours.replace('2', '3'),
  );
});

it('a remark that stands above what the user wrote below it is changed there', async () => {
  const service = emitted('app/services/books.ts');
  const call = 'crud(context, book)';
  const own = 'const hooks = {\n  beforeWrite: (next: Book) => void next.title.trim(),\n};\n\n';
  const ours = service
    .replace('export const books', `${own}export const books`)
    .replace(call, 'crud(context, book, hooks)');
  const said = (text: string) => text.replace('`beforeRead`.', '`beforeRead`. It is counted.');
  const theirs = said(service).replace(call, `seen('books', ${call})`);
  const merged = await clean('app/services/books.ts', { base: service, ours, theirs });
  expect(merged).toBe(
    said(ours).replace('crud(context, book, hooks)', "seen('books', crud(context, book, hooks))"),
  );
});

it('a call around an expression that the other side changed goes around what became of it', async () => {
  const file = 'app/services/books.ts';
  const service = emitted(file);
  const call = 'crud(context, book)';
  const hooked = service.replace(call, 'crud(context, book, hooks)');
  const seen = service.replace(call, `seen('books', ${call})`);
  const both = service.replace(call, "seen('books', crud(context, book, hooks))");
  expect(await clean(file, { base: service, ours: hooked, theirs: seen })).toBe(both);
  expect(await clean(file, { base: service, ours: seen, theirs: hooked })).toBe(both);
});

it('arguments of one call are not handed to another one', async () => {
  const file = 'app/services/books.ts';
  const service = emitted(file);
  const call = 'crud(context, book)';
  const hooked = service.replace(call, 'crud(context, book, hooks)');
  const cached = service.replace(call, "cached('books', context)");
  await conflict(file, { base: service, ours: hooked, theirs: cached });
  await conflict(file, { base: service, ours: cached, theirs: hooked });
});
