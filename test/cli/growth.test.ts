import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { node, scratch, toolPath, type Ended } from './tool.ts';

const hook = join(import.meta.dirname, 'file-calls.cjs');

/** What the tool asks of the file system when a project of so many resources gets one more. */
async function callsBeside(resources: number): Promise<unknown> {
  const folder = scratch();
  const names = Array.from({ length: resources }, (_, n) => `thing${n}`);
  const fields = { name: { type: 'string' } };
  const spec = { version: 1, resources: Object.fromEntries(names.map((n) => [n, { fields }])) };
  writeFileSync(join(folder, 'spec.json'), JSON.stringify(spec));
  const run = async (cwd: string, ...args: string[]): Promise<Ended> => {
    const env = { FILE_CALLS: join(folder, 'calls.json') };
    const ended = await node(['--require', hook, toolPath(), ...args], { cwd, env });
    expect(ended.err).toBe('');
    expect(ended.code).toBe(0);
    return ended;
  };
  await run(folder, 'shop', '--from', 'spec.json', '--no-install', '--no-git', '--yes');
  await run(join(folder, 'shop'), 'add', 'resource', 'extra', 'name:string');
  return JSON.parse(readFileSync(join(folder, 'calls.json'), 'utf8'));
}

test('add resource looks at as many files beside 60 resources as beside 3', async () => {
  const few = await callsBeside(3);
  expect(few).toMatchObject({ lstat: expect.any(Number), renameSync: expect.any(Number) });
  expect(await callsBeside(60)).toEqual(few);
});
