import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { checkSpec } from '../../../src/spec/check.ts';
import { addFields, removeField, renameField } from '../../../src/spec/edits/fields.ts';
import { addResource, removeResource, renameResource } from '../../../src/spec/edits/resources.ts';
import { parseSpec } from '../../../src/spec/parse.ts';
import type { FieldSpec, Spec } from '../../../src/spec/schema.ts';
import { printField } from '../../../src/spec/shorthand-print.ts';
import { randomSpec } from '../../laws/random-spec.ts';
import { fc } from '../../properties.ts';

const newName = fc.constantFrom('gadget', 'zebraCrossing', 'widget', 'ox', 'toString', 'weather');
const newField = fc.constantFrom(
  'flavour:string:required',
  'valueOf:integer:min=1:default=2',
  'deep.er.still:enum:a,b',
  'lines:object:array',
  'hasNot:decimal:unique',
  'words:text:search',
  'owner:ref:SELF:required:onDelete=restrict',
);

/** The arguments for a field; a ref points to the resource itself. */
const typed = (field: string, resource: string) =>
  field === 'lines:object:array' ? [field, 'lines.sku:string'] : [field.replace('SELF', resource)];

/** The same spec with its keys in the same order: what is emitted depends on it. */
const sameText = (a: Spec, b: Spec) => expect(JSON.stringify(a)).toBe(JSON.stringify(b));

/** The result of an edit, or undefined when it is refused; anything else thrown fails the test. */
function attempt(edit: () => Spec): Spec | undefined {
  try {
    const spec = edit();
    expect(checkSpec(spec)).toEqual([]);
    // As it is read back tomorrow: the order of its keys is that of what is emitted.
    sameText(parseSpec(JSON.stringify(spec), 'flask-style.json'), spec);
    return spec;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Runs a law over random specs; at least a twentieth of them must not be left out. */
function law(name: string, holds: (spec: Spec, pick: (count: number) => number) => boolean): void {
  test(name, () => {
    let [all, kept] = [0, 0];
    fc.assert(
      fc.property(randomSpec, fc.nat(1000), (spec, seed) => {
        const before = JSON.stringify(spec);
        all += 1;
        if (holds(spec, (count) => seed % count)) kept += 1;
        expect(JSON.stringify(spec)).toBe(before);
      }),
      { numRuns: 100 },
    );
    expect(kept * 20).toBeGreaterThan(all);
  });
}

law('a resource added and removed again leaves the spec as it was', (spec, pick) => {
  const [name = ''] = fc.sample(newName, { numRuns: 1, seed: pick(1000) });
  const [field = ''] = fc.sample(newField, { numRuns: 1, seed: pick(1000) });
  const fields = typed(field, name);
  const added = attempt(() => addResource(spec, { name, fields }));
  if (added === undefined) return false;
  expect(addResource(added, { name, fields })).toBe(added);
  sameText(removeResource(added, name), spec);
  return true;
});

law('a field added and removed again leaves the spec as it was', (spec, pick) => {
  const keys = Object.keys(spec.resources);
  const key = keys[pick(keys.length)] ?? '';
  const names = Object.keys(spec.resources[key]?.fields ?? {});
  const [field = ''] = fc.sample(newField, { numRuns: 1, seed: pick(1000) });
  const fields = typed(field, key);
  const after = pick(2) === 0 ? undefined : names[pick(names.length)];
  const added = attempt(() => addFields(spec, key, fields, after));
  if (added === undefined) return false;
  expect(addFields(added, key, fields, after)).toBe(added);
  const [name = ''] = field.split(/[.:]/);
  const order = Object.keys(added.resources[key]?.fields ?? {});
  expect(order.indexOf(name)).toBe(
    after === undefined ? order.length - 1 : order.indexOf(after) + 1,
  );
  sameText(removeField(added, key, name), spec);
  return true;
});

law('a resource renamed there and back leaves the spec as it was', (spec, pick) => {
  const keys = Object.keys(spec.resources);
  const key = keys[pick(keys.length)] ?? '';
  const [name = ''] = fc.sample(newName, { numRuns: 1, seed: pick(1000) });
  const renamed = attempt(() => renameResource(spec, key, name));
  if (renamed === undefined) return false;
  const { plural = '' } = spec.resources[key] ?? {};
  expect(JSON.stringify(renamed)).not.toContain(`"to":"${key}"`);
  sameText(renameResource(renamed, name, `${key}/${plural}`), spec);
  return true;
});

law('a field renamed there and back leaves the spec as it was', (spec, pick) => {
  const keys = Object.keys(spec.resources);
  const key = keys[pick(keys.length)] ?? '';
  const paths = pathsOf(spec.resources[key]?.fields ?? {});
  const path = paths[pick(paths.length)] ?? '';
  const renamed = attempt(() => renameField(spec, key, path, 'renamedOne'));
  if (renamed === undefined) return false;
  const there = [...path.split('.').slice(0, -1), 'renamedOne'].join('.');
  sameText(renameField(renamed, key, there, path), spec);
  return true;
});

law('what is removed is gone, and can be added again in the shorthand', (spec, pick) => {
  const keys = Object.keys(spec.resources);
  const key = keys[pick(keys.length)] ?? '';
  const removed = attempt(() => removeResource(spec, key));
  const fields = spec.resources[key]?.fields ?? {};
  const texts = Object.entries(fields).map(([name, field]) => printField(name, field));
  if (removed === undefined || texts.some((text) => text === undefined)) return false;
  expect(Object.keys(removed.resources)).not.toContain(key);
  const { plural = '' } = spec.resources[key] ?? {};
  const again = addResource(removed, {
    name: `${key}/${plural}`,
    fields: texts.flat() as string[],
  });
  expect(again.resources[key]).toEqual(spec.resources[key]);
  return true;
});

function pathsOf(fields: Readonly<Record<string, FieldSpec>>, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    prefix + name,
    ...pathsOf(field.fields ?? {}, `${prefix}${name}.`),
  ]);
}
