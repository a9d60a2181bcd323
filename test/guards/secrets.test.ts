import path from 'node:path';
import { expect, it } from 'vitest';
import { manifest, packageRoot } from '../../src/package.ts';
import { projectTree } from '../../src/project/tree.ts';
import { parseSpec } from '../../src/spec/parse.ts';

it('G27 a project whose features need no secret has no .env, and no file that differs between two runs', async () => {
  const text =
    '{ "name": "shop", "resources": { "product": { "fields": { "name": { "type": "string" } } } } }';
  const emit = () =>
    projectTree({
      spec: parseSpec(text, 'flask-style.json'),
      templates: path.join(packageRoot(), 'templates'),
      generator: manifest(),
    });
  const [one, other] = [await emit(), await emit()];
  expect([...one.keys()].filter((file) => /(^|\/)\.env$/.test(file))).toEqual([]);
  expect(one).toEqual(other);
  // Nothing in it looks like a key: 32 random bytes, in hexadecimal or base64.
  const example = Buffer.from(one.get('.env.example')?.content ?? '').toString('utf8');
  expect(example).not.toMatch(/[0-9a-f]{64}|[\w+/]{43}=/i);
});
