import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { shop } from './project.ts';
import { snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 300_000 });

test('a feature comes with its secret; without it everything is as before but .env', async () => {
  const project = await shop();
  const before = project.read('README.md');
  const added = await project.run('add', 'feature', 'forms');
  expect([added.code, added.err]).toEqual([0, '']);
  expect(added.out).toContain('create  app/forms/csrf.ts');
  expect(added.out).not.toContain('note:');
  const env = project.read('.env');
  expect(env).toMatch(/^FORMS_SECRET=[0-9a-f]{64}$/m);
  expect(statSync(join(project.root, '.env')).mode & 0o777).toBe(0o600);
  const again = await project.run('add', 'feature', 'forms');
  expect([again.code, again.out]).toEqual([0, 'nothing to do\n']);
  const removed = await project.run('remove', 'feature', 'forms');
  expect([removed.code, removed.err]).toEqual([0, '']);
  expect(removed.out).toContain('note: .env still sets FORMS_SECRET, which nothing reads now');
  expect(project.read('README.md')).toBe(before);
  expect(project.read('.env')).toBe(env);
  const back = await project.run('add', 'feature', 'forms');
  expect(back.out).not.toContain('note:');
});

test('E16 a .env that is there is not touched: what it lacks is said, for features and webhooks', async () => {
  const project = await shop();
  project.write('.env', 'PORT=5001\n');
  const forms = await project.run('add', 'feature', 'forms', '--json');
  const { notes } = JSON.parse(forms.out) as { notes: string[] };
  expect(notes).toEqual([
    '.env is yours and stays as it is: set FORMS_SECRET, without which production does not start (openssl rand -hex 32)',
  ]);
  expect((await project.run('add', 'webhook', 'ci')).out).toMatch(
    /note: \.env is yours and stays as it is: set WEBHOOK_CI_SECRET, without which/,
  );
  expect(project.read('.env')).toBe('PORT=5001\n');
  rmSync(join(project.root, '.env'));
  const second = await project.run('add', 'webhook', 'other');
  expect(second.out).toMatch(/note: there is no \.env: set WEBHOOK_OTHER_SECRET, /);
});

test('what else can be set is said; a lock file is never touched, and installing is left to its owner', async () => {
  const project = await shop();
  project.write('pnpm-lock.yaml', 'mine\n');
  project.edit('.env.example', '#METRICS_PORT=9464', '#MINE_LIMIT=7\n#METRICS_PORT=9464');
  const { out } = await project.run('add', 'feature', 'dashboard');
  expect(out).toContain(
    'note: .env.example says what else can be set: ALERT_RULES, ALERT_WEBHOOK_SECRET, ALERT_WEBHOOK_URL\n',
  );
  expect(project.read('.env.example')).toContain('#MINE_LIMIT=7\n');
  expect(project.read('pnpm-lock.yaml')).toBe('mine\n');
  expect(out).not.toContain('pnpm-lock');
});

test('E16 what undo keeps of a secret: for this user only, out of git, never shown', async () => {
  const project = await shop();
  execFileSync('git', ['init', '-q'], { cwd: project.root });
  await project.run('add', 'feature', 'forms');
  const secret = /^FORMS_SECRET=(.*)$/m.exec(project.read('.env'))?.[1] ?? '';
  expect(secret).toHaveLength(64);
  const undone = await project.run('undo');
  expect([undone.code, undone.err]).toEqual([0, '']);
  expect(undone.out).toContain('note: .env still sets FORMS_SECRET, which nothing reads now');
  const shown = [undone];
  for (const args of [['redo', '--dry-run'], ['redo'], ['undo', '--dry-run', '--json']])
    shown.push(await project.run(...args));
  for (const { out } of shown) expect(out).not.toContain(secret);
  const all = Object.entries(snapshot(project.root));
  const holding = all.filter(([, row]) => row.includes(secret)).map(([path]) => path);
  expect(holding).toContain('.env');
  expect(holding.some((path) => path.startsWith('.flask-style/undo/'))).toBe(true);
  for (const path of holding) {
    const mode = all.find(([other]) => other === path)?.[1].split(' ', 1)[0];
    expect([path, mode]).toEqual([path, '600']);
    execFileSync('git', ['check-ignore', '-q', path], { cwd: project.root });
  }
  const folders = all.filter(([path]) => /^\.flask-style\/undo\/[^/]+$/.test(path));
  expect(folders.length).toBeGreaterThan(1);
  for (const [path, row] of folders) expect([path, row]).toEqual([path, '700 /']);
});

test('files of a feature that were edited are a conflict; nothing is lost', async () => {
  const project = await shop();
  await project.run('add', 'feature', 'dashboard');
  project.edit('app/dashboard/rules.ts', '\n', '\n// mine\n');
  const before = snapshot(project.root);
  const { code, out } = await project.run('remove', 'feature', 'dashboard');
  expect(code).toBe(3);
  expect(out).toContain('conflict  app/dashboard/rules.ts');
  expect(snapshot(project.root)).toEqual(before);
  const kept = await project.run('remove', 'feature', 'dashboard', '--conflicts', 'ours');
  expect(kept.code).toBe(0);
  expect(project.read('app/dashboard/rules.ts')).toContain('// mine');
});

test('forms that a resource has by itself stay, and that is said', async () => {
  const project = await shop();
  project.edit(
    'flask-style.json',
    '"collection": "products",',
    '"collection": "products", "forms": true,',
  );
  await project.run('apply');
  await project.run('add', 'feature', 'forms');
  const { code, out } = await project.run('remove', 'feature', 'forms');
  expect(code).toBe(0);
  expect(out).toContain(
    'note: the forms of product stay: "forms" is true there in flask-style.json',
  );
  expect(project.read('app/routes/forms.ts')).toContain('product');
});

test.each(['add', 'remove'])('%s service is refused like an unknown word', async (head) => {
  const project = await shop();
  const { code, out, err } = await project.run(head, 'service', 'orders', 'product');
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^error: unknown command "(add|remove) service" \(.*\)\n$/);
});
