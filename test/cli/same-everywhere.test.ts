import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { plainEnv, scratch, snapshot, toolPath } from './tool.ts';

const words = ['shop', '--resource', 'product', 'name:string:search', 'price:decimal'];

/** Emits the project under a umask and an environment, and returns its files with their modes. */
async function emitted(umask: string, env: NodeJS.ProcessEnv, below = '.') {
  const cwd = join(scratch(), below);
  mkdirSync(cwd, { recursive: true });
  const command = [process.execPath, toolPath(), ...words, '--no-install', '--no-git'];
  const { status } = spawnSync('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], {
    cwd,
    env: { ...plainEnv(), ...env },
  });
  expect(status).toBe(0);
  return Object.entries(snapshot(join(cwd, 'shop'))).filter(([, row]) => !row.endsWith(' /'));
}

describe('G25, G26: the same input gives the same files with the same modes', () => {
  let first: [string, string][];
  beforeAll(async () => {
    first = await emitted('022', {});
  });

  test.each([
    ['umask 000', '000', {}, '.'],
    ['umask 077', '077', {}, '.'],
    [
      'another locale and time zone',
      '022',
      { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Asia/Kathmandu' },
      '.',
    ],
    ['another folder', '022', {}, 'a b/ü'],
  ] as const)('under %s', async (_, umask, env, below) => {
    expect(await emitted(umask, env, below)).toEqual(first);
  });

  test('nothing is writable by others', () => {
    for (const [, row] of first) expect(row).toMatch(/^(?:644|755|600) /);
  });
});
