import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test(
  'G6 G35 killed at 20 random points, ten at once: never half a project',
  { timeout: 300_000 },
  async () => {
    const script = path.resolve(import.meta.dirname, '../e2e/commit-processes.ts');
    const args = ['--import', 'tsx', script, '20'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout.trim().split('\n')).toHaveLength(4);
  },
);
