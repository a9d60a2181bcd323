import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

async function run(script: string, ...args: readonly string[]): Promise<readonly string[]> {
  const file = path.resolve(import.meta.dirname, script);
  const node = ['--import', 'tsx', file, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, node);
  return stdout.trim().split('\n');
}

test(
  'G6 G35 killed at 20 random points, ten at once: never half a project',
  { timeout: 300_000 },
  async () => {
    expect(await run('../e2e/commit-processes.ts', '20')).toHaveLength(4);
  },
);

test(
  'I1 I3 I6 a change is killed, raced by an editor and by links, and meets others: all or nothing, no save lost',
  { timeout: 300_000 },
  async () => {
    const counts = ['--kills', '20', '--races', '6', '--seed', '1'];
    expect(await run('kill.ts', ...counts)).toHaveLength(4);
  },
);
