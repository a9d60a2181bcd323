import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bestOf, scratch, snapshot, tool } from './tool.ts';

const cwd = scratch();
mkdirSync(join(cwd, 'notes'));
writeFileSync(join(cwd, 'notes/keep.txt'), 'mine\n');

const quick = ['--no-install', '--no-git'];
const named = (name: string) => ['shop', '--resource', name, 'name:string', ...quick];
const project = (dir: string) => [dir, '--resource', 'product', 'name:string', ...quick];
const field = (...fields: string[]) => ['shop', '--resource', 'product', ...fields, ...quick];

/** Refused with exit 1 in one line, in under a second, and the folder is as it was. */
async function refused(args: readonly string[]): Promise<string> {
  const before = snapshot(cwd);
  const { code, out, err, ms } = await bestOf(4, 1000, () => tool(args, { cwd }));
  expect(snapshot(cwd)).toEqual(before);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  // Nothing of what was typed reaches the terminal as more than text.
  expect(err.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(ms).toBeLessThan(1000);
  return err;
}

test.each([
  '',
  ' ',
  '1abc',
  '../evil',
  '/etc/passwd',
  'a/b/c',
  'a/',
  'a\\b',
  'a.b',
  '$where',
  '{{7*7}}',
  '<script>',
  '`id`',
  '$(touch pwned)',
  '"; process.exit()',
  'a\nb',
  'a\u0001b',
  '__proto__',
  'constructor',
  'prototype',
  '日本',
  'prоduct',
  'café',
  'x'.repeat(65),
])('G1, G5, G36: the resource name %j', async (name) => {
  await refused(named(name));
});

test.each([
  'Shop',
  'my shop',
  '.hidden',
  '_private',
  'node_modules',
  'favicon.ico',
  'express',
  'mongodb',
  'zod',
  'http',
  'fs',
  'x'.repeat(215),
  '@scope/Bad',
  'a;b',
  '$(touch pwned)',
  'shop{{7*7}}',
])('G2, G5, G36: the project name %j', async (name) => {
  await refused(project(name));
});

test.each([
  ['caf\u00e9', 'cafe\u0301'],
  ['\u00e9t\u00e9', 'e\u0301te\u0301'],
])('G29: %j gets one answer, composed or not', async (composed, decomposed) => {
  const shown = (text: string) => text.replaceAll(/"[^"]*"/g, '""');
  const [a, b] = [await refused(named(composed)), await refused(named(decomposed))];
  expect(shown(a)).toBe(shown(b));
});

test.each([
  'pro\u200bduct',
  'pro\u202educt',
  '\u2066product\u2069',
  'pro\u00adduct',
  'pr\u043educt',
])('G29: no invisible, bidirectional or look-alike letter: %j', async (name) => {
  await refused(named(name));
  await refused(project(name));
});

test.each([
  'con',
  'NUL',
  'aux.txt',
  'com1',
  'lpt9',
  'shop.',
  'shop ',
  'a:b',
  'a|b',
  'a?b',
  'é'.repeat(130),
])('G31: the folder name %j, on every platform', async (name) => {
  await refused(project(name));
});

test.each(['apps/con/shop', 'apps./shop', 'a*b/shop'])(
  'G31: a folder above it of that kind: %j',
  async (name) => {
    await refused(project(name));
  },
);

test.each([
  [['__proto__:string']],
  [['constructor:string']],
  [['id:string']],
  [['_rev:integer']],
  [['createdAt:datetime']],
  [['a.__proto__.b:string']],
  [['na-me:string']],
  [['name:string', 'name:text']],
  [['owner:ref:owners']],
  [['name:string:min=']],
  [['name:string:maxLength=-1']],
  [['status:enum:']],
  [['name:string:pattern=(a+)+$']],
  [['age:integer:default=old']],
  [['age:integer:min=5:max=1']],
])('G1, G5: the fields %j', async (fields) => {
  await refused(field(...fields));
});

test.each([
  [['shop', '--resource', 'product', '--resource', 'products', ...quick]],
  [['shop', '--resource', 'Product', '--resource', 'product', ...quick]],
])('G30: two resources that are one: %j', async (args) => {
  await refused(args);
});

test.each([
  [
    '日本.csv',
    'name\nann\n',
    '日本.csv: the resource name "日本" is not a name (rename the file: ',
  ],
  ['shop.json', '{"index":[{"a":1}]}', 'shop.json: the resource name "index" cannot be used: '],
])('what is in %s cannot be a resource, and the line says where', async (file, text, line) => {
  writeFileSync(join(cwd, file), text);
  expect(await refused(['shop', '--from', file, ...quick])).toContain(line);
});

test('every refusal of --json is one document', async () => {
  const { code, out, err } = await tool([...named('1abc'), '--json'], { cwd });
  expect([code, err]).toEqual([1, '']);
  expect(JSON.parse(out)).toEqual({
    error: { code: 1, message: expect.any(String), hint: expect.any(String) },
  });
});
