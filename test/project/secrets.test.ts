import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { manifest, packageRoot } from '../../src/package.ts';
import { projectTree } from '../../src/project/tree.ts';
import { parseSpec } from '../../src/spec/parse.ts';
import type { Spec } from '../../src/spec/schema.ts';

const resources = '{ "thing": { "fields": { "a": { "type": "text" } } } }';
const specOf = (webhooks: string): Spec =>
  parseSpec(`{ "name": "shop", "webhooks": ${webhooks}, "resources": ${resources} }`, 'f.json');
const hooked = specOf('{ "github": { "scheme": "github" }, "ci": { "scheme": "standard" } }');

const treeOf = async (spec: Spec, random?: (count: number) => Uint8Array) => {
  const templates = path.join(packageRoot(), 'templates');
  return projectTree({ spec, templates, generator: manifest(), random });
};
const textOf = (file: { readonly content: string | Uint8Array } | undefined) =>
  Buffer.from(file?.content ?? '').toString('utf8');

/** The secrets in the text of a `.env`. */
const secretsIn = (text: string): string[] =>
  text.split('\n').flatMap((line) => /^\w+=(.+)$/.exec(line)?.[1] ?? []);

describe('secrets of a project', () => {
  it('E16 G27 are in .env alone: random, 32 bytes, for this user only, not in git', async () => {
    const tree = await treeOf(hooked, randomBytes);
    const file = tree.get('.env');
    expect(file).toMatchObject({ mode: 0o600, merge: 'seed' });
    const [github = '', standard = ''] = secretsIn(textOf(file));
    expect(github).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(standard.replace('whsec_', ''), 'base64')).toHaveLength(32);
    expect(textOf(tree.get('.gitignore')).split('\n')).toContain('.env');
    for (const [name, other] of tree)
      if (name !== '.env')
        for (const secret of [github, standard]) expect(textOf(other), name).not.toContain(secret);
  });

  it('E16 G27 differ from run to run; everything else is the same bytes', async () => {
    const [one, two] = [await treeOf(hooked, randomBytes), await treeOf(hooked, randomBytes)];
    const differing = [...one].filter(([name, file]) => textOf(file) !== textOf(two.get(name)));
    expect(differing.map(([name]) => name)).toEqual(['.env']);
    const without = await treeOf(hooked);
    expect([...one.keys()].filter((name) => !without.has(name))).toEqual(['.env']);
  });

  it('E16 are named in .env.example, and there is no .env where nothing needs a secret', async () => {
    const example = textOf((await treeOf(hooked, randomBytes)).get('.env.example'));
    expect(example).toContain('#WEBHOOK_GITHUB_SECRET=replace-');
    expect(example).toContain('#WEBHOOK_CI_SECRET=replace-');
    const plain = await treeOf(specOf('{}'), randomBytes);
    expect(plain.has('.env')).toBe(false);
    expect(textOf(plain.get('.env.example'))).not.toContain('WEBHOOK');
  });
});
