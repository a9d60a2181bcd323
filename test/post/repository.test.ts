import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { initRepository } from '../../src/post/repository.ts';
import { stub, temporaryFolder } from './support.ts';

/** An environment with nobody's settings; `config` goes into the user's own. */
function surroundings(config = ''): { readonly env: NodeJS.ProcessEnv; readonly home: string } {
  const home = temporaryFolder('home-');
  writeFileSync(path.join(home, '.gitconfig'), config);
  const { PATH } = process.env;
  return { env: { PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' }, home };
}

function project(): string {
  const root = temporaryFolder();
  writeFileSync(path.join(root, '.gitignore'), '.env\n');
  writeFileSync(path.join(root, '.env'), 'SECRET=1\n');
  writeFileSync(path.join(root, 'README.md'), '# Shop\n');
  return root;
}

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();

const named = '[user]\nname = Ada\nemail = ada@example.com\n';

test('one commit on main by the user, with everything that is not ignored', async () => {
  const root = project();
  expect(await initRepository(root, surroundings(named))).toBe('created');
  expect(git(root, 'branch', '--show-current')).toBe('main');
  expect(git(root, 'log', '--format=%an <%ae> %s')).toBe('Ada <ada@example.com> Initial commit');
  expect(git(root, 'ls-files').split('\n')).toEqual(['.gitignore', 'README.md']);
  expect(git(root, 'status', '--porcelain')).toBe('');
});

test('a user whom git does not know gets the commit too', async () => {
  const root = project();
  expect(await initRepository(root, surroundings('[user]\nuseConfigOnly = true\n'))).toBe(
    'created',
  );
  expect(git(root, 'rev-list', '--count', 'HEAD')).toBe('1');
});

test('hooks, templates and signing of the user do not take part', async () => {
  const { env, home } = surroundings();
  for (const folder of ['hooks', 'template/hooks']) {
    mkdirSync(path.join(home, folder), { recursive: true });
    for (const hook of ['pre-commit', 'commit-msg', 'post-commit', 'post-index-change']) {
      const file = path.join(home, folder, hook);
      writeFileSync(file, `#!/bin/sh\ntouch ${home}/ran\nexit 1\n`);
      chmodSync(file, 0o755);
    }
  }
  const config = [
    `${named}[core]\nhooksPath = ${home}/hooks\nfsmonitor = ${home}/hooks/pre-commit`,
    `[init]\ntemplateDir = ${home}/template\ndefaultBranch = other`,
    '[commit]\ngpgSign = true\n[gpg]\nprogram = false\n',
  ];
  writeFileSync(path.join(home, '.gitconfig'), config.join('\n'));
  const root = project();
  expect(await initRepository(root, { env })).toBe('created');
  expect(git(root, 'rev-list', '--count', 'main')).toBe('1');
  expect(existsSync(path.join(home, 'ran'))).toBe(false);
  expect(existsSync(path.join(root, '.git/hooks'))).toBe(false);
});

test('a project inside a repository, or one itself, is left to it', async () => {
  const outer = temporaryFolder();
  git(outer, 'init', '-q');
  const root = path.join(outer, 'apps/shop');
  mkdirSync(root, { recursive: true });
  expect(await initRepository(root, surroundings(named))).toBe('inside-another');
  expect(await initRepository(outer, surroundings(named))).toBe('inside-another');
  expect(readdirSync(root)).toEqual([]);
});

test('G21 GIT_DIR of a hook around this run leads nowhere', async () => {
  const [root, other] = [project(), temporaryFolder()];
  git(other, 'init', '-q');
  const { env } = surroundings(named);
  const around = { ...env, GIT_DIR: path.join(other, '.git'), GIT_WORK_TREE: other };
  expect(await initRepository(root, { env: around })).toBe('created');
  expect(git(root, 'rev-list', '--count', 'main')).toBe('1');
});

test('G22 there is no git: exit 6', async () => {
  await expect(
    initRepository(project(), { env: { PATH: temporaryFolder() } }),
  ).rejects.toMatchObject({ code: 6, message: 'git is not installed' });
});

test('G22 git fails: exit 6 with the step and the reason', async () => {
  const body = (failing: string): string =>
    `const at = process.argv.slice(2).join(' ');
     const fail = (text) => { console.error('fatal: ' + text); process.exitCode = 128; };
     if (at.startsWith('rev-parse')) fail('not a git repository (or any of the parents): .git');
     else if (at.includes(${JSON.stringify(failing)})) fail('the disk is full');`;
  for (const step of ['init', 'add', 'commit']) {
    const { PATH } = stub('git', body(step === 'commit' ? 'commit --quiet' : step));
    await expect(initRepository(project(), { env: { PATH } })).rejects.toMatchObject({
      code: 6,
      message: `git ${step} failed: the disk is full`,
    });
  }
  const owned = stub(
    'git',
    "console.error('fatal: detected dubious ownership'); process.exit(128)",
  );
  await expect(initRepository(project(), { env: { PATH: owned.PATH } })).rejects.toMatchObject({
    code: 6,
    message: 'git rev-parse failed: detected dubious ownership',
  });
  expect(owned.calls()).toHaveLength(1);
});

test('G32 Ctrl-C: exit 130', async () => {
  await expect(
    initRepository(project(), { ...surroundings(named), signal: AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 130 });
});
