import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { databaseCheck, portCheck } from '../../src/project/doctor-network.ts';
import { doctor, nodeCheck } from '../../src/project/doctor.ts';
import { emitted, temporaryFolder } from './support.ts';

/** A port that something listens on. */
async function takenPort(): Promise<string> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return String(typeof address === 'object' ? address?.port : '');
}

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
