import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { plan } from '../../src/plan/index.ts';
import { mergePolicyOf, modeOf } from '../../src/plan/policy.ts';
import { loadTemplates } from '../../src/plan/templates.ts';
import type { Template } from '../../src/render/types.ts';
import { emitted, specOf, templates } from './support.ts';

const shop = specOf({
  product: { name: { type: 'string' } },
  orderItem: { n: { type: 'integer' } },
});
const paths = (ops: ReturnType<typeof plan>): string[] => ops.map(({ path: file }) => file);

describe('a plan', () => {
  it('names the files of a resource after it, and says whose they are', () => {
    const own = plan(shop, templates).filter(({ owner }) => owner === 'resource:orderItem');
    expect(paths(own)).toEqual([
      'app/models/order-item.ts',
      'app/routes/order-items.ts',
      'app/services/order-items.ts',
      'tests/order-items.test.ts',
    ]);
  });

  it('is sorted, has each path once, and is the same each time', () => {
    const ops = plan(shop, templates);
    expect(paths(ops)).toEqual([...new Set(paths(ops))].sort());
    expect(plan(shop, templates)).toEqual(ops);
  });

  it.each([
    ['app/index.ts', 'ts', 0o644],
    ['package.json', 'json', 0o644],
    ['compose.yaml', 'yaml', 0o644],
    ['.gitignore', 'lines', 0o644],
    ['.env.example', 'lines', 0o644],
    ['.env', 'seed', 0o600],
    ['README.md', 'text', 0o644],
    ['dev/embedded-mongo.mjs', 'bin', 0o644],
    ['app/static/img/icon.svg', 'bin', 0o644],
    ['dev/run.sh', 'text', 0o755],
  ])('%s is merged as %s', (file, merge, mode) => {
    expect(mergePolicyOf(file)).toBe(merge);
    expect(modeOf(file)).toBe(mode);
  });

  it('joins the lines of every set', async () => {
    const files = await emitted(shop);
    expect(files.get('.prettierignore')).toBe(
      '.flask-style/\ndist/\napp/templates/\n.data/\ndev/*.mjs\ndev/*.d.mts\n',
    );
    expect(files.get('.gitignore')?.split('\n')).toContain('.data/');
  });

  it('joins the manifests of every set, sorted as npm sorts them', async () => {
    const text = (await emitted({ ...shop, description: 'All kinds' })).get('package.json') ?? '';
    const manifest = JSON.parse(text) as Record<string, Record<string, string>>;
    expect(Object.keys(manifest).slice(0, 2)).toEqual(['name', 'description']);
    expect(manifest).toMatchObject({ name: 'shop', type: 'module', description: 'All kinds' });
    for (const block of ['dependencies', 'devDependencies'])
      expect(Object.keys(manifest[block] ?? {})).toEqual(Object.keys(manifest[block] ?? {}).sort());
    expect(manifest['dependencies']).toHaveProperty('nunjucks');
    for (const version of Object.values(manifest['dependencies'] ?? {}))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('refuses two things of one name', () => {
    const fields = { name: { type: 'string' } } as const;
    const clash = specOf({ class: fields, classModel: fields });
    expect(() => plan(clash, templates)).toThrow(UserError);
  });

  it('refuses templates that do not fit together', () => {
    const page: Template = { name: 'pages/run.ts', holes: false, content: Buffer.from('') };
    const twice = new Map(templates).set('pages', new Map([['run.ts', page]]));
    expect(() => plan(shop, twice)).toThrow('two templates give run.ts');
    const holes: Template = { name: 'x.hbs', holes: true, source: '', overridden: false };
    const unseen = new Map(templates).set('pages', new Map([['x', holes]]));
    expect(() => plan(shop, unseen)).toThrow('x.hbs has holes and no view');
    const content = Buffer.from('{"type":"commonjs"}');
    const manifest: Template = { name: 'pages/package.json', holes: false, content };
    const divided = new Map(templates).set('pages', new Map([['package.json', manifest]]));
    expect(() => plan(shop, divided)).toThrow('templates disagree on package.json type');
  });
});

describe('templates of the project', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'flask-style-templates-'));
    await cp('templates/resource', path.join(folder, 'templates/resource'), { recursive: true });
    const file = path.join(folder, 'own/resource/app/services/{{pluralFile}}.ts.hbs');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, 'export const mine = 1;\n');
  });
  afterAll(async () => {
    if (path.dirname(folder) === tmpdir()) await rm(folder, { recursive: true });
  });

  it('stand in for ours by path; a set that is not there is empty', async () => {
    const own = loadTemplates(path.join(folder, 'templates'), path.join(folder, 'own'));
    const services = own.get('resource')?.get('app/services/{{pluralFile}}.ts');
    expect(services).toMatchObject({ holes: true, overridden: true });
    expect(own.get('resource')?.get('app/models/{{singularFile}}.ts')).toMatchObject({
      overridden: false,
    });
    expect(own.get('project')?.size).toBe(0);
  });
});
