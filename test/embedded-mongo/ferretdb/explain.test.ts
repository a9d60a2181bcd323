import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { explain, headings } from './explain.ts';

it('gives only reasons that docs/embedded-mongo-differences.md has as a row', () => {
  const page = readFileSync(
    resolve(import.meta.dirname, '../../../docs/embedded-mongo-differences.md'),
    'utf8',
  );
  const rows = page.split('\n').map((line) => line.split('|')[1]?.trim());
  for (const heading of headings) expect(rows).toContain(heading);
});

it('does not explain a difference that it does not know', () => {
  const difference = { kind: 'filter', request: '{"a":1}', document: '{"_id":1,"a":1}' } as const;
  expect(explain({ ...difference, embedded: '0', ferret: '1' })).toBeUndefined();
});
