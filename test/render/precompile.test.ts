import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plan } from '../../src/plan/index.ts';
import { loadTemplates } from '../../src/plan/templates.ts';
import { Fragment } from '../../src/render/fragment.ts';
import { createFiller, type Filler } from '../../src/render/handlebars.ts';
import { precompiledModule } from '../../src/render/precompile.ts';
import { fixed } from '../../src/render/writers/fixed.ts';
import { parseSpec } from '../../src/spec/parse.ts';

const templates = loadTemplates(path.resolve(import.meta.dirname, '../../templates'));
const sources = [...templates.values()].flatMap((set) =>
  [...set.values()].flatMap((template) => (template.holes ? [template.source] : [])),
);
const foreign = '{{missing}}';

let folder: string;
let ready: Filler;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'precompiled-'));
  const file = path.join(folder, 'precompiled.mjs');
  await writeFile(file, precompiledModule([...sources, foreign]));
  const { precompiled } = (await import(pathToFileURL(file).href)) as {
    precompiled: ReadonlyMap<string, TemplateSpecification>;
  };
  expect(precompiled.size).toBeGreaterThan(20);
  ready = createFiller(precompiled);
});
afterAll(() => rm(folder, { recursive: true }));

describe('templates that the build compiled', () => {
  it('give the text of those that are compiled now', async () => {
    const fields = { name: { type: 'string', required: true } };
    const resources = {
      product: { plural: 'products', path: '/products', collection: 'products', fields },
    };
    const text = JSON.stringify({
      version: 1,
      name: 'shop',
      features: ['dashboard', 'forms'],
      resources,
    });
    const ops = plan(parseSpec(text, 'spec'), templates);
    const now = createFiller(new Map());
    let filled = 0;
    for (const { template, view } of ops) {
      if (template instanceof Fragment || !template.holes) continue;
      // Else each command would load what compiles them.
      expect(sources).toContain(template.source);
      expect(await ready.fill(template.source, view)).toBe(await now.fill(template.source, view));
      filled += 1;
    }
    expect(filled).toBeGreaterThan(10);
  });

  it('G8 know no name that the view does not have', async () => {
    await expect(ready.fill(foreign, { a: fixed('a') })).rejects.toThrow();
    await expect(ready.fill(foreign, { missing: fixed('a') })).resolves.toBe('a');
  });

  it('leave others to the compiler: a project may bring its own', async () => {
    expect(await ready.fill('own {{a}}\n', { a: fixed('text') })).toBe('own text\n');
  });
});
