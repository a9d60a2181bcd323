// The contract lock of an emitted project: openapi.json against its models, through the command itself.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../../..');
const parent = mkdtempSync(join(tmpdir(), 'contract-'));
const project = join(parent, 'project');
const promise = join(project, 'openapi.json');
const note = join(project, 'app/models/note.ts');

const tsx = (cwd: string, ...args: string[]) => {
  const cli = join(repository, 'node_modules/tsx/dist/cli.mjs');
  const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, encoding: 'utf8' });
  return { status, stderr };
};
const contract = (...args: string[]) => tsx(project, 'dev/contract.ts', ...args);
const promised = () => readFileSync(promise, 'utf8');
const fields = (text: string) =>
  writeFileSync(note, original.replace(/fields: \{.*?\n {2}\}/s, `fields: {${text}}`));
let original = '';

beforeAll(() => {
  const cli = join(repository, 'src/cli/index.ts');
  const spec = join(repository, 'examples/minimal/flask-style.json');
  const flags = ['--no-install', '--no-git', '--yes'];
  expect(tsx(parent, cli, 'project', '--from', spec, ...flags)).toMatchObject({ status: 0 });
  symlinkSync(join(repository, 'node_modules'), join(project, 'node_modules'));
  original = readFileSync(note, 'utf8');
}, 120_000);
afterAll(() => rmSync(parent, { recursive: true, force: true })); // the very folder mkdtemp made

test('a project keeps its promise as it is emitted; accepting nothing new writes nothing', () => {
  const before = promised();
  const kept = { status: 0, stderr: 'openapi.json is what the models say\n' };
  expect(contract('check')).toEqual(kept);
  expect(contract('accept')).toEqual(kept);
  expect(promised()).toBe(before);
}, 60_000);

test('a field more fails the check, which names it, until it is accepted, as a file that prettier leaves alone', () => {
  const before = promised();
  fields(`text: { type: 'text', required: true }, author: { type: 'string' }`);
  const { status, stderr } = contract('check');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^openapi\.json is not what the models say: npm run contract:accept\n/);
  expect(stderr).toContain('\n  components > schemas > Note > properties > author\n');
  expect(stderr).not.toContain('break');
  expect(promised()).toBe(before);
  expect(contract('accept')).toEqual({ status: 0, stderr: 'openapi.json is written\n' });
  expect(promised()).toContain('"author"');
  expect(contract('check').status).toBe(0);
  const prettier = join(repository, 'node_modules/prettier/bin/prettier.cjs');
  expect(tsx(project, prettier, '--check', 'openapi.json').status).toBe(0);
}, 60_000);

test('a field less is named by check and accept, and taken with --breaking alone', () => {
  fields(`text: { type: 'text', required: true }, author: { type: 'string' }`);
  expect(contract('accept', '--breaking').status).toBe(0);
  const before = promised();
  fields(`text: { type: 'text', required: true }`);

  const checked = contract('check');
  expect(checked.status).toBe(1);
  expect(checked.stderr).toContain('npm run contract:accept -- --breaking\n');
  const refused = contract('accept');
  expect(refused.status).toBe(1);
  for (const { stderr } of [checked, refused]) {
    expect(stderr).toContain('Clients would break:\n');
    expect(stderr).toContain('  response Note#/author: field was removed\n');
  }
  expect(contract('check', '--breaking').status).toBe(1);
  expect(promised()).toBe(before);

  const accepted = contract('accept', '--breaking');
  expect(accepted.status).toBe(0);
  expect(accepted.stderr).toMatch(/^openapi\.json is written\n/);
  expect(accepted.stderr).toContain('Note#/author: field was removed');
  expect(promised()).not.toContain('"author"');
  expect(contract('check').status).toBe(0);
}, 60_000);
