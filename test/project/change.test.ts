import { expect, test } from 'vitest';
import { changeProject } from '../../src/project/change.ts';
import { projectTree } from '../../src/project/tree.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { emitted, generator, shop, templates } from './support.ts';
import { addResource, applyTo, bytesIn } from './edits.ts';

const review = addResource('review', { text: { type: 'string' } });

test('add: the same bytes as a new project with both', async () => {
  const root = await emitted();
  const plan = await changeProject({ root, templates, generator, next: review });
  expect(plan.conflicts).toEqual([]);
  await applyTo(root, plan.changes);
  const tree = await projectTree({ spec: review(shop), templates, generator });
  const wanted = Object.fromEntries(
    [...tree].map(([file, { content }]) => [file, Buffer.from(content).toString()]),
  );
  expect(bytesIn(root)).toEqual(wanted);
});

test('the same again: nothing to do', async () => {
  const root = await emitted();
  const same = (spec: Spec) => spec;
  const plan = await changeProject({ root, templates, generator, next: same });
  expect(plan.changes).toEqual([]);
});
