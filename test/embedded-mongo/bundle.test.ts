import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

import { bundle, target } from '../../src/embedded-mongo/bundle.ts';

const committed = (path: string) => readFileSync(path, 'utf8');

it('the bundle in the templates is what the sources give, byte for byte', async () => {
  const { code, types } = await bundle();
  const hint = 'run: npx tsx src/embedded-mongo/bundle.ts';
  expect(committed(target) === code, hint).toBe(true);
  expect(committed(target.replace(/\.mjs$/, '.d.mts')) === types, hint).toBe(true);
});

it('the hash in the header is that of the rest of the file', () => {
  const text = committed(target);
  const stated = /^\/\/ sha256 of what follows: ([0-9a-f]{64})\n/m.exec(text);
  const body = text.slice((stated?.index ?? 0) + (stated?.[0].length ?? 0));
  expect(createHash('sha256').update(body).digest('hex')).toBe(stated?.[1]);
});

it('imports nothing but Node and the driver', () => {
  const imported = [...committed(target).matchAll(/^(?:import|export) .*? from "([^"]+)";$/gm)].map(
    (found) => found[1],
  );
  const packages = imported.filter((name) => !name?.startsWith('node:'));
  expect(new Set(packages.map((name) => name?.split('/')[0]))).toEqual(new Set(['mongodb']));
});
