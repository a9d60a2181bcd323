import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { models } from '../../app/models/index.ts';
import { blueprints, sites } from '../../app/routes/index.ts';

const app = join(import.meta.dirname, '../../app');

const registries: [string, readonly unknown[]][] = [
  ['routes', [...blueprints, ...sites]],
  ['models', models],
];

it.each(registries)(
  'everything that a file in app/%s exports is listed in its index',
  async (folder, listed) => {
    const files = (await readdir(join(app, folder))).filter((file) => file !== 'index.ts');
    for (const file of files) {
      const exported = (await import(join(app, folder, file))) as Record<string, unknown>;
      const values = Object.values(exported);
      expect(
        values.some((value) => listed.includes(value)),
        `app/${folder}/${file} exports nothing that app/${folder}/index.ts lists`,
      ).toBe(true);
    }
  },
);

it('no two resources share a name, a path or a collection', () => {
  for (const key of ['name', 'plural', 'path', 'collection'] as const) {
    const values = models.map((model) => model[key]);
    expect(new Set(values).size, key).toBe(values.length);
  }
});

it('every reference points to a model', () => {
  const names = models.map((model) => model.name);
  for (const model of models)
    for (const [field, { type, to }] of Object.entries(model.fields))
      if (type === 'ref') expect(names, `${model.name}.${field}`).toContain(to);
});
