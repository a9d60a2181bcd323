import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch, snapshot, tool } from './tool.ts';

const resource = ['--resource', 'product', 'name:string', '--no-install', '--no-git'];

describe('G4: the target', () => {
  test('may be nested; its last folder names the project', async () => {
    const cwd = scratch();
    const { code, err } = await tool(['apps/api', ...resource], { cwd });
    expect([code, err]).toEqual([0, '']);
    const manifest: unknown = JSON.parse(readFileSync(join(cwd, 'apps/api/package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'api' });
  });

  test.each(['../shop', '../../shop', 'apps/../../shop', '/tmp/outside-shop'])(
    'outside of the working folder is refused, and the line names --cwd: %s',
    async (dir) => {
      const outer = scratch();
      const cwd = join(outer, 'in');
      mkdirSync(cwd);
      const { code, err } = await tool([dir, ...resource], { cwd });
      expect(code).toBe(1);
      expect(err).toMatch(/lies outside the working folder \(go there first: --cwd \//);
      expect(snapshot(outer)).toEqual({ in: expect.any(String) });
    },
  );

  test('that is a project already is named so, in a line that can be read', async () => {
    const cwd = scratch();
    expect((await tool(['shop', ...resource], { cwd })).code).toBe(0);
    const before = snapshot(cwd);
    const { code, out, err } = await tool(['shop', ...resource], { cwd });
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(
      /^error: there is a project in "shop" already \(nothing was written; .{1,80}\)\n$/,
    );
    expect(snapshot(cwd)).toEqual(before);
  });

  test('of an example may be called anything that a folder can: a repository that is there', async () => {
    const cwd = join(scratch(), 'My Course');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'LICENSE'), 'mine\n');
    const args = ['example', 'minimal', '.', '--no-install', '--no-git'];
    const { code, err } = await tool(args, { cwd });
    expect([code, err]).toEqual([0, '']);
    const manifest: unknown = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'minimal' });
  });

  test('is relative to --cwd', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'work'));
    const { code } = await tool(['shop', '--cwd', 'work', ...resource], { cwd });
    expect(code).toBe(0);
    expect(existsSync(join(cwd, 'work/shop/package.json'))).toBe(true);
  });

  test('--cwd has to be a folder', async () => {
    const { code, err } = await tool(['shop', '--cwd', 'nowhere', ...resource], { cwd: scratch() });
    expect(code).toBe(1);
    expect(err).toContain('is not a folder');
  });

  test('of a scoped name is the folder behind the scope', async () => {
    const cwd = scratch();
    const { code } = await tool(['@acme/shop', ...resource], { cwd });
    expect(code).toBe(0);
    const manifest: unknown = JSON.parse(readFileSync(join(cwd, 'shop/package.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: '@acme/shop' });
  });

  test('may be the working folder itself', async () => {
    const outer = scratch();
    const cwd = join(outer, 'shop');
    mkdirSync(cwd);
    const { code, out } = await tool(['.', ...resource], { cwd });
    expect(code).toBe(0);
    expect(out).not.toContain('cd ');
    expect(existsSync(join(cwd, 'package.json'))).toBe(true);
  });
});

describe('G19: a folder that is there', () => {
  test('keeps its other files, byte by byte', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'shop/.git'), { recursive: true });
    writeFileSync(join(cwd, 'shop/.git/HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(join(cwd, 'shop/.env'), 'SECRET=1\n', { mode: 0o600 });
    writeFileSync(join(cwd, 'shop/LICENSE'), 'MIT\r\n');
    const before = snapshot(join(cwd, 'shop'));
    const { code } = await tool(['shop', ...resource], { cwd });
    expect(code).toBe(0);
    expect(snapshot(join(cwd, 'shop'))).toMatchObject(before);
  });

  test('exit 3 when paths of the plan exist: all are listed, nothing is written', async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'shop/app'), { recursive: true });
    writeFileSync(join(cwd, 'shop/package.json'), '{}');
    writeFileSync(join(cwd, 'shop/app/index.ts'), '');
    writeFileSync(join(cwd, 'shop/other.txt'), '');
    const before = snapshot(cwd);
    const { code, out, err } = await tool(['shop', ...resource], { cwd });
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('app/index.ts, package.json');
    expect(err).not.toContain('other.txt');
    expect(snapshot(cwd)).toEqual(before);
  });

  test('the same command twice: the second is exit 3 and changes nothing', async () => {
    const cwd = scratch();
    await tool(['shop', ...resource], { cwd });
    const before = snapshot(cwd);
    const { code } = await tool(['shop', ...resource], { cwd });
    expect(code).toBe(3);
    expect(snapshot(cwd)).toEqual(before);
  });

  test('there is no --force', async () => {
    const { code, err } = await tool(['shop', ...resource, '--force'], { cwd: scratch() });
    expect(code).toBe(1);
    expect(err).toContain('unknown option "--force"');
  });

  test('exit 3 when the target is a file', async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'shop'), 'mine');
    const { code } = await tool(['shop', ...resource], { cwd });
    expect(code).toBe(3);
    expect(readFileSync(join(cwd, 'shop'), 'utf8')).toBe('mine');
  });
});

describe('G3: links', () => {
  test.each(['shop', 'apps/shop', 'shop/app'])(
    'one that leads out of the working folder is exit 5: %s',
    async (link) => {
      const outside = scratch();
      const cwd = scratch();
      const parent = join(cwd, link, '..');
      mkdirSync(parent, { recursive: true });
      symlinkSync(outside, link === 'apps/shop' ? join(cwd, 'apps/way') : join(cwd, link));
      const dir = link === 'apps/shop' ? 'apps/way/shop' : 'shop';
      const before = snapshot(cwd);
      const { code, err } = await tool([dir, ...resource], { cwd });
      expect(code).toBe(5);
      expect(err).toContain('link');
      expect(snapshot(outside)).toEqual({});
      expect(snapshot(cwd)).toEqual(before);
    },
  );

  test('the working folder may itself be reached through one', async () => {
    const real = scratch();
    const way = join(scratch(), 'way');
    symlinkSync(real, way);
    const { code } = await tool(['shop', '--cwd', way, ...resource], { cwd: real });
    expect(code).toBe(0);
    expect(existsSync(join(real, 'shop/package.json'))).toBe(true);
    expect(basename(way)).toBe('way');
  });
});

test('times of day and a file of one letter are taken as they are', async () => {
  const cwd = scratch();
  const emitted = async (...args: string[]): Promise<string> => {
    const { code, err } = await tool([...args, '--no-install', '--no-git'], { cwd });
    expect([code, err]).toEqual([0, '']);
    return readFileSync(join(cwd, args[0] ?? '', 'flask-style.json'), 'utf8');
  };
  const field = 'at:datetime:min=2020-01-01T00:00:00Z:max=2030-01-01T00:00:00+01:00:required';
  const { resources } = JSON.parse(await emitted('shop', '--resource', 'event', field));
  expect(resources.event.fields.at).toEqual({
    type: 'datetime',
    required: true,
    min: '2020-01-01T00:00:00Z',
    max: '2030-01-01T00:00:00+01:00',
  });
  writeFileSync(join(cwd, 's.csv'), 'name,age\nann,3\n');
  expect(await emitted('letters', '--from', 's.csv')).toContain('"path": "/s"');
});
