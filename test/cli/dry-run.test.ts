import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch, snapshot, tool } from './tool.ts';

const args = [
  'shop',
  '--resource',
  'product',
  'name:string',
  'price:decimal',
  '--no-install',
  '--no-git',
];

test('G37: the patch of --dry-run is what git apply takes and what is written', async () => {
  const cwd = scratch();
  const before = snapshot(cwd);
  const dry = await tool([...args, '--dry-run'], { cwd });
  expect([dry.code, dry.err]).toEqual([0, '']);
  expect(snapshot(cwd)).toEqual(before);

  const applied = join(cwd, 'applied');
  mkdirSync(applied);
  writeFileSync(join(cwd, 'shop.patch'), dry.out);
  const git = { cwd: applied, env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: cwd } };
  execFileSync('git', ['apply', '--whitespace=nowarn', '../shop.patch'], git);

  const real = await tool(args, { cwd });
  expect(real.code).toBe(0);
  // Folder modes follow the umask of git, not ours.
  const files = (folder: string) =>
    Object.fromEntries(
      Object.entries(snapshot(join(cwd, folder))).filter(([, row]) => !row.endsWith(' /')),
    );
  expect(files('applied')).toEqual(files('shop'));
});

test('G37: --dry-run --json lists the same files and writes nothing', async () => {
  const cwd = scratch();
  const { code, out } = await tool([...args, '--dry-run', '--json'], { cwd });
  expect(code).toBe(0);
  const document = JSON.parse(out) as {
    written: boolean;
    files: { path: string; status: string }[];
  };
  expect(document.written).toBe(false);
  expect(document.files.every(({ status }) => status === 'create')).toBe(true);
  expect(snapshot(cwd)).toEqual({});
  await tool(args, { cwd });
  const written = Object.entries(snapshot(join(cwd, 'shop'))).filter(
    ([, row]) => !row.endsWith(' /'),
  );
  expect(document.files.map(({ path }) => path)).toEqual(written.map(([path]) => path).sort());
});

test('G37: --dry-run tells of paths that exist as the real run does', async () => {
  const cwd = scratch();
  mkdirSync(join(cwd, 'shop'));
  writeFileSync(join(cwd, 'shop/README.md'), 'mine');
  const dry = await tool([...args, '--dry-run'], { cwd });
  const real = await tool(args, { cwd });
  expect([dry.code, dry.err]).toEqual([real.code, real.err]);
  expect(dry.code).toBe(3);
});
