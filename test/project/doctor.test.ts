import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { self } from '../../src/apply/owner.ts';
import type { Decision, Pending } from '../../src/apply/reconcile/index.ts';
import { transaction } from '../../src/apply/transaction.ts';
import { adoptPlan } from '../../src/project/adopt.ts';
import { changeProject } from '../../src/project/change.ts';
import { databaseCheck, portCheck } from '../../src/project/doctor-network.ts';
import { doctor as examine, nodeCheck } from '../../src/project/doctor.ts';
import { statePath, stateText, type State } from '../../src/project/state.ts';
import { diverge } from '../half-merged.ts';
import { emitted, generator, temporaryFolder, templates } from './support.ts';

/** A port that something listens on. */
async function takenPort(): Promise<string> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return String(typeof address === 'object' ? address?.port : '');
}

const doctor = (root: string, env: NodeJS.ProcessEnv = { PORT: '0' }) =>
  examine({ root, templates, generator }, env);

const whats = async (root: string, env: NodeJS.ProcessEnv = { PORT: '0' }): Promise<string> =>
  (await doctor(root, env)).map(({ ok, what }) => `${ok ? 'ok' : 'no'} ${what}`).join('\n');

test('a fresh project lacks its packages alone', async () => {
  const root = await emitted();
  const checks = await doctor(root, { PORT: '0' });
  expect(checks.filter(({ ok }) => !ok)).toEqual([
    { ok: false, what: 'packages are not installed', do: 'npm install' },
  ]);
  mkdirSync(path.join(root, 'node_modules'));
  expect((await doctor(root, { PORT: '0' })).every(({ ok }) => ok)).toBe(true);
});

test('edited files are named and no fault; missing ones are one', async () => {
  const root = await emitted();
  writeFileSync(path.join(root, 'app/services/products.ts'), '// mine\n');
  expect(await whats(root)).toMatch(/ok \d+ generated files, 1 edited by you: app\/services\/prod/);
  rmSync(path.join(root, 'run.ts'));
  expect(await whats(root)).toMatch(/no \d+ generated files, 1 edited .*; 1 missing: run\.ts/);
});

test('an interrupted change is seen', async () => {
  const root = await emitted();
  mkdirSync(path.join(root, '.flask-style/tx/0007'), { recursive: true });
  expect((await doctor(root, { PORT: '0' })).filter(({ ok }) => !ok)).toContainEqual({
    ok: false,
    what: 'interrupted transaction 0007',
    do: 'run any command that changes the project: it finishes it or takes it back',
  });
});

/** The check whose line is like this. */
const checkLike = async (root: string, line: RegExp) => {
  const found = (await doctor(root)).filter(({ what }) => line.test(what));
  expect(found, String(line)).toHaveLength(1);
  return found[0];
};

/** Changes the state as a run of the tool would have written it. */
function restate(root: string, change: (state: State) => Partial<State>): void {
  const file = path.join(root, statePath);
  const state = JSON.parse(readFileSync(file, 'utf8')) as State;
  writeFileSync(file, stateText({ ...state, ...change(state) }));
}

/** The path of the file that run.ts was emitted as. */
function baseOf(root: string, file: string): string {
  const state = JSON.parse(readFileSync(path.join(root, statePath), 'utf8')) as State;
  return path.join(root, '.flask-style/base', state.files[file]?.base ?? '');
}

test('bases that are missing or damaged: adopt makes them again, or says what is lost', async () => {
  const root = await emitted();
  expect(await checkLike(root, /files as they were emitted/)).toMatchObject({ ok: true });
  const base = baseOf(root, 'run.ts');
  const whole = readFileSync(base);
  for (const spoil of [() => rmSync(base), () => writeFileSync(base, 'spoilt')]) {
    spoil();
    expect(
      await checkLike(root, /^1 of \d+ files in \.flask-style\/base is missing/),
    ).toMatchObject({
      ok: false,
      what: expect.stringMatching(/damaged: what was emitted as run\.ts$/),
      do: 'run adopt: they can be made again',
    });
    const adopted = await adoptPlan({ root, templates, generator });
    expect(adopted).toMatchObject({ edited: [], missing: [] });
    await transaction(root, { command: 'adopt', at: '2026-01-01T00:00:00Z' }, async () => adopted);
    expect(readFileSync(base)).toEqual(whole);
    await expect(adoptPlan({ root, templates, generator })).rejects.toMatchObject({ code: 1 });
  }
  rmSync(base);
  restate(root, ({ generator: made }) => ({ generator: { ...made, version: '0.3.0' } }));
  expect(await checkLike(root, /in \.flask-style\/base is missing/)).toMatchObject({
    ok: false,
    do: expect.stringMatching(/^restore them from version control, or run adopt/),
  });
});

test('merges that wait: markers, ended, skipped', async () => {
  const root = await emitted();
  const wait = (entry: Pending) => restate(root, () => ({ pending: [entry] }));
  expect(await checkLike(root, /no merge waits/)).toMatchObject({ ok: true });
  const text = readFileSync(path.join(root, 'run.ts'), 'utf8');
  writeFileSync(path.join(root, 'run.ts'), `<<<<<<< yours\n${text}=======\n>>>>>>> theirs\n`);
  wait({ path: 'run.ts', hunks: 1 });
  expect(await checkLike(root, /conflict markers are left in run\.ts/)).toMatchObject({
    ok: false,
    do: 'decide them, then run resolve; or take the change back with undo',
  });
  writeFileSync(path.join(root, 'run.ts'), text);
  expect(await checkLike(root, /the merge of run\.ts is finished/)).toMatchObject({
    ok: false,
    do: 'run resolve',
  });
  wait({ path: 'run.ts', hunks: 1, skipped: true });
  expect(await checkLike(root, /in run\.ts was skipped/)).toMatchObject({
    ok: true,
    do: 'resolve offers it again',
  });
});

test('locks: of a run that is alive, of one that is gone, one that cannot be read', async () => {
  const root = await emitted();
  const file = path.join(root, '.flask-style/lock');
  expect(await checkLike(root, /no other run holds/)).toMatchObject({ ok: true });
  const owner = self('0123456789abcdef', 'add page about', '2026-01-01T00:00:00Z');
  writeFileSync(file, JSON.stringify(owner));
  expect(await checkLike(root, /is writing to this folder/)).toMatchObject({
    ok: false,
    what: `process ${process.pid} (add page about) is writing to this folder`,
    do: expect.stringContaining(`delete ${file}`),
  });
  writeFileSync(file, JSON.stringify({ ...owner, startTime: '1' }));
  expect(await checkLike(root, /left its lock and no longer runs/)).toMatchObject({
    ok: true,
    do: 'the next command takes it over',
  });
  writeFileSync(file, 'x');
  expect(await checkLike(root, /lock of the project cannot be read/)).toMatchObject({ ok: false });
});

test.each([
  [
    '{"format": 9}',
    /state\.json was written by a version that is newer/,
    'use that version or later',
  ],
  ['null', /state\.json is no state/, 'restore it from version control, or run adopt'],
  ['<<<<<<< a\n', /state\.json holds conflict markers/, 'run adopt: it brings both sides together'],
])('a state that is %s', async (text, line, advice) => {
  const root = await emitted();
  writeFileSync(path.join(root, statePath), text);
  expect(await checkLike(root, line)).toMatchObject({ ok: false, do: advice });
});

test('a project of another version: a newer one cannot be changed, an older one can', async () => {
  const root = await emitted();
  const version = (name: string) =>
    restate(root, ({ generator: made }) => ({ generator: { ...made, version: name } }));
  version('0.9.0');
  expect(await checkLike(root, /generated by .* 0\.9\.0; this is 0\.4\.0/)).toMatchObject({
    ok: false,
    do: 'use create-flask-style-api 0.9.0 or later',
  });
  version('0.3.9');
  expect(await checkLike(root, /generated by .* 0\.3\.9; this is 0\.4\.0/)).toMatchObject({
    ok: true,
    do: 'update brings its changes',
  });
});

test('files that were moved or deleted and are known to be are not missing', async () => {
  const root = await emitted();
  mkdirSync(path.join(root, 'lib'));
  renameSync(path.join(root, 'app/ops/limits.ts'), path.join(root, 'lib/limits.ts'));
  rmSync(path.join(root, 'Dockerfile'));
  expect(await checkLike(root, /generated files/)).toMatchObject({
    ok: false,
    what: expect.stringContaining('2 missing: Dockerfile, app/ops/limits.ts'),
    do: expect.stringContaining('apply --decide Dockerfile=delete'),
  });
  const decisions = new Map<string, Decision>([
    ['Dockerfile', 'delete'],
    ['app/ops/limits.ts', 'moved:lib/limits.ts'],
  ]);
  const tools = { root, templates, generator, decisions };
  await transaction(root, { command: 'apply', at: '2026-01-01T00:00:00Z' }, () =>
    changeProject({ ...tools, next: (spec) => spec }),
  );
  expect(await checkLike(root, /generated files/)).toMatchObject({ ok: true });
});

test('a merge of git that waits for a file of the project', async () => {
  const root = await emitted();
  const git = await diverge(root);
  expect(await checkLike(root, /git does not merge/)).toMatchObject({ ok: true });
  await git('merge', 'two');
  expect(await checkLike(root, /git is merging, and run\.ts/)).toMatchObject({
    ok: false,
    do: 'finish the merge first',
  });
});

test('spec and state that cannot be read are told with what to do', async () => {
  const root = await emitted();
  writeFileSync(path.join(root, 'flask-style.json'), '{');
  writeFileSync(path.join(root, '.flask-style/state.json'), '{');
  const checks = await doctor(root, { PORT: '0' });
  expect(checks[1]).toMatchObject({ ok: false, what: expect.stringMatching(/^flask-style\.json/) });
  expect(checks[2]).toMatchObject({
    ok: false,
    what: '.flask-style/state.json is not JSON',
    do: 'restore it from version control, or run adopt',
  });
  expect(await whats(temporaryFolder())).toContain('no flask-style.json: ENOENT');
});

test('.env is read, and the environment wins', async () => {
  const root = await emitted();
  writeFileSync(path.join(root, '.env'), 'PORT=70000\nHOST=127.0.0.1\n');
  expect(await whats(root, {})).toContain('no PORT is "70000"');
  expect(await whats(root, { PORT: '0' })).toContain('ok port 0 is free');
});

test('ports: free, taken, impossible', async () => {
  expect(await portCheck('0', '127.0.0.1')).toEqual({ ok: true, what: 'port 0 is free' });
  expect(await portCheck(await takenPort(), '127.0.0.1')).toMatchObject({
    ok: true,
    do: expect.stringContaining('next'),
  });
  expect(await portCheck('x', '127.0.0.1')).toMatchObject({ ok: false, what: 'PORT is "x"' });
  expect(await portCheck('0', '203.0.113.1')).toMatchObject({ ok: false });
});

test('databases: absent, not answering, not a connection string; no password is shown', async () => {
  expect(await databaseCheck(undefined, true)).toMatchObject({ ok: true });
  expect(await databaseCheck('', false)).toMatchObject({ ok: false });
  const uri = `mongodb://ada:secret@127.0.0.1:${await takenPort()}/shop`;
  for (const one of [uri, 'mongodb://ada:secret@:x', 'no such thing']) {
    const check = await databaseCheck(one, false);
    expect(check).toMatchObject({ ok: false, do: 'start it, or correct MONGODB_URI' });
    expect(check.what).not.toContain('secret');
  }
});

test.each([
  ['20.19.0', true],
  ['20.18.3', false],
  ['18.20.0', false],
  ['24.0.1', true],
])('Node %s: %s', (version, ok) => {
  expect(nodeCheck(version).ok).toBe(ok);
});
