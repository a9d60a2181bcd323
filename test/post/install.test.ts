import { mkdirSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { install } from '../../src/post/install.ts';
import { stub, temporaryFolder } from './support.ts';

test('G23 npm gets --ignore-scripts, and its lines are passed on', async () => {
  const npm = stub('npm', "console.log('added 3 packages'); console.error('a warning');");
  const lines: string[] = [];
  const root = temporaryFolder();
  await install(root, 'npm', { env: { PATH: npm.PATH }, onProgress: (line) => lines.push(line) });
  expect(npm.calls().map(({ args }) => args)).toEqual([
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-workspaces'],
  ]);
  expect(lines.sort()).toEqual(['a warning', 'added 3 packages']);
});

test('G20 G23 pnpm gets --ignore-scripts, and runs nothing of a workspace around', async () => {
  const pnpm = stub('pnpm');
  await install(temporaryFolder(), 'pnpm', { env: { PATH: pnpm.PATH } });
  expect(pnpm.calls().map(({ args }) => args)).toEqual([
    ['install', '--ignore-scripts', '--ignore-workspace', '--ignore-pnpmfile'],
  ]);
});

test('G21 no shell reads the name of the folder; it is the working folder', async () => {
  const npm = stub('npm');
  const parent = temporaryFolder();
  const root = path.join(parent, '$(touch pwned);`touch pwned`&touch pwned');
  mkdirSync(root);
  await install(root, 'npm', { env: { PATH: npm.PATH } });
  expect(npm.calls().map(({ cwd }) => cwd)).toEqual([realpathSync(root)]);
  expect(readdirSync(parent)).toHaveLength(1);
  expect(readdirSync(root)).toEqual([]);
});

test('G21 the environment is the given one, without what a run around set for itself', async () => {
  const npm = stub('npm');
  const env = {
    ...{ npm_config_registry: 'https://elsewhere.example', npm_lifecycle_event: 'x' },
    ...{ NPM_CONFIG_SCRIPT_SHELL: '/tmp/evil', INIT_CWD: '/tmp', NODE_ENV: 'production' },
    ...{ GIT_DIR: '/elsewhere', PATH: npm.PATH, HOME: '/home/me', HTTPS_PROXY: 'http://proxy' },
  };
  await install(temporaryFolder(), 'npm', { env });
  const [call] = npm.calls();
  const { PATH, HOME, HTTPS_PROXY, ...others } = call?.env ?? {};
  expect({ PATH, HOME, HTTPS_PROXY }).toEqual({
    PATH: npm.PATH,
    HOME: '/home/me',
    HTTPS_PROXY: 'http://proxy',
  });
  expect(Object.keys(others).filter((name) => name in env)).toEqual([]);
});

test('G22 it fails: exit 6 with the reason', async () => {
  const npm = stub(
    'npm',
    `console.error('npm error code E404\\nnpm error 404 Not Found - GET https://x/nope\\n' +
      'npm error A complete log of this run can be found in: /root/x.log');
     process.exitCode = 1;`,
  );
  await expect(
    install(temporaryFolder(), 'npm', { env: { PATH: npm.PATH } }),
  ).rejects.toMatchObject({
    code: 6,
    message: 'npm install failed: 404 Not Found - GET https://x/nope',
    hint: 'run npm install in the project',
  });
});

test.each(['npm', 'pnpm'] as const)('G22 there is no %s: exit 6', async (manager) => {
  await expect(
    install(temporaryFolder(), manager, { env: { PATH: temporaryFolder() } }),
  ).rejects.toMatchObject({ code: 6, message: `${manager} is not installed` });
});

test('G32 Ctrl-C while it runs: the command is ended, exit 130', async () => {
  const npm = stub('npm', 'setTimeout(() => {}, 60_000);');
  const interrupt = new AbortController();
  const running = install(temporaryFolder(), 'npm', {
    env: { PATH: npm.PATH },
    signal: interrupt.signal,
    onProgress: () => undefined,
  });
  const ended = expect(running).rejects.toMatchObject({
    code: 130,
    message: 'interrupted; the project is complete',
  });
  while (npm.calls().length === 0) await setTimeout(20);
  interrupt.abort();
  await ended;
});

test('G32 the terminal has ended it before we hear of Ctrl-C: exit 130 as well', async () => {
  const npm = stub('npm', "process.kill(process.pid, 'SIGINT'); setTimeout(() => {}, 60_000);");
  await expect(
    install(temporaryFolder(), 'npm', { env: { PATH: npm.PATH } }),
  ).rejects.toMatchObject({ code: 130 });
});

test('G32 aborted before: nothing is started', async () => {
  const npm = stub('npm');
  await expect(
    install(temporaryFolder(), 'npm', { env: { PATH: npm.PATH }, signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 130 });
  expect(npm.calls()).toEqual([]);
});
