import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { transaction } from '../../src/apply/transaction.ts';
import type { Choices } from '../../src/project/choices.ts';
import { resolvePlan } from '../../src/project/resolve.ts';
import { statusOf } from '../../src/project/status.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { contents, edit, make, read, run, tools, undo, write } from '../laws/workshop.ts';
import { shop, temporaryFolder } from './support.ts';

const model = 'app/models/product.ts';

/** The shop, in which a line was edited that the wish changes as well. */
async function disputed(): Promise<string> {
  const root = path.join(temporaryFolder(), 'shop');
  await make(root, shop);
  edit(root, model, (text) =>
    text.replace("name: { type: 'string' }", "name: { type: 'string', maxLength: 50 }"),
  );
  return root;
}

const next = (spec: Spec): Spec => {
  const product = structuredClone(spec.resources['product']);
  if (product === undefined) throw new Error('no product');
  product.fields['name'] = { type: 'string', maxLength: 40 };
  return { ...spec, resources: { ...spec.resources, product } };
};

async function resolve(root: string, choices: Choices = {}) {
  return transaction(root, { command: 'resolve', at: '2026-01-01T00:00:00Z' }, () =>
    resolvePlan({ root, ...tools, ...choices }),
  );
}

test('abort: nothing is written, and both sides are told', async () => {
  const root = await disputed();
  const before = contents(root);
  await expect(run(root, { next })).rejects.toMatchObject({ code: 3 });
  expect(contents(root)).toEqual(before);
});

test('markers wait for resolve; other commands refuse until then; undo takes them back', async () => {
  const root = await disputed();
  const before = contents(root);
  const plan = await run(root, { next, conflicts: 'markers' });
  expect(plan.marked).toEqual([model]);
  expect(read(root, model)).toMatch(/^<{7} /m);
  expect((await statusOf({ root, ...tools })).rows).toContainEqual({
    path: model,
    status: 'pending',
    hunks: 1,
  });
  await expect(run(root, { next: (spec) => spec })).rejects.toMatchObject({
    code: 3,
    message: expect.stringContaining('markers are left'),
  });
  await expect(resolve(root)).rejects.toMatchObject({ code: 3 });

  await undo(root);
  expect(contents(root)).toEqual(before);

  await run(root, { next, conflicts: 'markers' });
  write(root, model, before[model]?.replace('maxLength: 50', 'maxLength: 45') ?? '');
  await expect(run(root, { next: (spec) => spec })).rejects.toMatchObject({ hint: 'run resolve' });
  await resolve(root);
  expect((await statusOf({ root, ...tools })).rows).toEqual([{ path: model, status: 'edited' }]);
  expect((await run(root, { next: (spec) => spec })).changes).toEqual([]);
});

test('what was skipped is offered again until somebody decides', async () => {
  const root = await disputed();
  await run(root, { next, conflicts: 'ours' });
  const kept = read(root, model);
  expect(kept).toContain('maxLength: 50');
  expect((await statusOf({ root, ...tools })).rows).toContainEqual({
    path: model,
    status: 'skipped',
    hunks: 1,
  });
  // Other commands go on, and what was skipped goes on waiting.
  await run(root, { next: (spec) => ({ ...spec, description: 'Things.' }) });
  expect((await statusOf({ root, ...tools })).rows).toContainEqual({
    path: model,
    status: 'skipped',
    hunks: 1,
  });

  const asked = await resolve(root);
  expect(asked.changes).toEqual([]);
  expect(asked.notes).toEqual([expect.stringContaining('was skipped')]);
  await resolve(root, { decisions: new Map([[model, 'theirs']]) });
  expect(read(root, model)).toContain('maxLength: 40');
  expect((await statusOf({ root, ...tools })).rows).toEqual([]);
});

test('to keep one’s own side ends what was skipped, and the base of it goes', async () => {
  const root = await disputed();
  await run(root, { next, conflicts: 'ours' });
  const { pending } = JSON.parse(read(root, '.flask-style/state.json'));
  const base = `.flask-style/base/${pending[0].base}`;
  expect(contents(root)).toHaveProperty([base]);
  const kept = read(root, model);
  await resolve(root, { decisions: new Map([[model, 'ours']]) });
  expect(read(root, model)).toBe(kept);
  expect(contents(root)).not.toHaveProperty([base]);
  expect(JSON.parse(read(root, '.flask-style/state.json'))).not.toHaveProperty('pending');
});

test('a base that was lost is rendered again, and put back; one that cannot be is said', async () => {
  const root = await disputed();
  const { files } = JSON.parse(read(root, '.flask-style/state.json'));
  const base = `.flask-style/base/${files[model].base}`;
  rmSync(path.join(root, base));
  const elsewhere = (spec: Spec): Spec => {
    const changed = next(spec);
    const product = changed.resources['product'];
    if (product === undefined) throw new Error('no product');
    product.fields = { ...product.fields, name: { type: 'string' }, price: { type: 'number' } };
    return changed;
  };
  await run(root, { next: elsewhere });
  expect(read(root, model)).toContain('maxLength: 50');
  expect(read(root, model)).toContain('price');

  // What does not have its hash is as good as lost.
  const { files: kept } = JSON.parse(read(root, '.flask-style/state.json'));
  write(root, `.flask-style/base/${kept[model].base}`, 'something else\n');
  const further = (spec: Spec): Spec => {
    const changed = elsewhere(spec);
    const product = changed.resources['product'];
    if (product !== undefined) product.fields['stock'] = { type: 'integer' };
    return changed;
  };
  await run(root, { next: further });
  expect(read(root, model)).toContain('stock');

  const { files: now } = JSON.parse(read(root, '.flask-style/state.json'));
  rmSync(path.join(root, `.flask-style/base/${now[model].base}`));
  const newer = { ...tools.generator, version: '9.0.0' };
  await expect(run(root, { next, generator: newer, update: true })).rejects.toMatchObject({
    code: 4,
    hint: expect.stringContaining('adopt'),
  });
});
