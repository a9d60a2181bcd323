import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scratch, snapshot, tool } from './tool.ts';

const shop = ['shop', '--resource', 'product', 'name:string'];
const quick = [...shop, '--no-install', '--no-git'];

/** Files that some tool or other would run, in a folder and in the target below it. */
function poison(cwd: string): string {
  const mark = join(cwd, 'ran');
  const script = `require('fs').appendFileSync(${JSON.stringify(mark)}, __filename + '\\n');`;
  const esm = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(mark)}, import.meta.url); export default {};`;
  for (const folder of [cwd, join(cwd, 'shop')]) {
    mkdirSync(join(folder, 'node_modules/prettier'), { recursive: true });
    writeFileSync(join(folder, 'plopfile.js'), esm);
    writeFileSync(join(folder, 'plopfile.cjs'), script);
    writeFileSync(join(folder, '.babelrc.js'), script);
    writeFileSync(join(folder, '.prettierrc.cjs'), script);
    writeFileSync(join(folder, 'prettier.config.mjs'), esm);
    writeFileSync(join(folder, '.pnpmfile.cjs'), script);
    writeFileSync(join(folder, '.yarnrc.js'), script);
    writeFileSync(join(folder, 'node_modules/prettier/index.js'), script);
    writeFileSync(join(folder, 'node_modules/prettier/package.json'), '{"main":"index.js"}');
  }
  writeFileSync(join(cwd, '.npmrc'), `node-options=--require ${join(cwd, 'plopfile.cjs')}\n`);
  writeFileSync(
    join(cwd, 'package.json'),
    '{"prettier":"./.prettierrc.cjs","workspaces":["shop"]}',
  );
  return mark;
}

describe('G20: the target is data', () => {
  test('nothing that lies in it or above it is run', async () => {
    const cwd = scratch();
    const mark = poison(cwd);
    const { code, err } = await tool(quick, { cwd });
    expect([code, err]).toEqual([0, '']);
    expect(existsSync(mark)).toBe(false);
  });

  test('it changes nothing of what is emitted', async () => {
    const [clean, cwd] = [scratch(), scratch()];
    poison(cwd);
    await tool(quick, { cwd });
    await tool(quick, { cwd: clean });
    expect(snapshot(join(cwd, 'shop'))).toMatchObject(snapshot(join(clean, 'shop')));
  });

  test('routes and doctor read a project without running it', async () => {
    const cwd = scratch();
    await tool(quick, { cwd });
    const mark = poison(cwd);
    const spy = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(mark)}, '');\n`;
    for (const file of ['app/index.ts', 'app/routes/products.ts', 'config.ts'])
      writeFileSync(join(cwd, 'shop', file), spy + readFileSync(join(cwd, 'shop', file), 'utf8'));
    expect((await tool(['routes', '--cwd', 'shop'], { cwd })).code).toBe(0);
    await tool(['doctor', '--cwd', 'shop'], { cwd });
    expect(existsSync(mark)).toBe(false);
  });
});

describe('G21, G22, G23: install and git', () => {
  /** Stubs of npm, pnpm and git that record how they were called. */
  function stubs(body: string): { bin: string; record: string } {
    const bin = scratch();
    const record = join(bin, 'record');
    for (const name of ['npm', 'pnpm', 'git']) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${record}"\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    return { bin, record };
  }
  const calls = (record: string) => (existsSync(record) ? readFileSync(record, 'utf8') : '');

  test.each(['npm', 'pnpm'])('%s runs no scripts of packages', async (pm) => {
    const { bin, record } = stubs('exit 0');
    const { code } = await tool([...shop, '--pm', pm, '--no-git'], {
      cwd: scratch(),
      env: { PATH: bin },
    });
    expect(code).toBe(0);
    expect(calls(record)).toMatch(new RegExp(`^${pm} install .*--ignore-scripts`));
  });

  test('neither is called when it is not wanted', async () => {
    const { bin, record } = stubs('exit 1');
    const { code } = await tool(quick, { cwd: scratch(), env: { PATH: bin } });
    expect(code).toBe(0);
    expect(calls(record)).toBe('');
  });

  test.each([
    ['fail', 'echo broken >&2; exit 1'],
    ['are missing', undefined],
  ])('when both %s the project is complete, exit 6', async (_, body) => {
    const cwd = scratch();
    const bin = body === undefined ? scratch() : stubs(body).bin;
    const { code, out } = await tool(shop, { cwd, env: { PATH: bin } });
    expect(code).toBe(6);
    expect(out.match(/the project is complete/g)).toHaveLength(2);
    expect(out).toContain('npm install');
    expect(existsSync(join(cwd, 'shop/app/routes/products.ts'))).toBe(true);
  });
});

test('G24: nothing is fetched and no connection is made', async () => {
  const cwd = scratch();
  const record = join(scratch(), 'connections');
  const guard = join(scratch(), 'guard.mjs');
  writeFileSync(
    guard,
    `import net from 'node:net'; import dns from 'node:dns'; import dgram from 'node:dgram';
import { appendFileSync } from 'node:fs';
const refuse = (what) => () => { appendFileSync(${JSON.stringify(record)}, what + '\\n'); throw new Error('no network: ' + what); };
net.Socket.prototype.connect = refuse('connect'); dns.lookup = refuse('lookup'); dgram.createSocket = refuse('dgram');
globalThis.fetch = refuse('fetch');\n`,
  );
  const env = { NODE_OPTIONS: `--import=${guard}` };
  for (const args of [quick, ['routes', '--cwd', 'shop'], ['example'], ['--help']]) {
    const { code } = await tool(args, { cwd, env });
    expect(code).toBe(0);
  }
  expect(existsSync(record)).toBe(false);
});

test.each(['https://example.org/spec.json', 'ftp://example.org/spec.json'])(
  'G24: --from %s is refused, not fetched',
  async (uri) => {
    const { code, err } = await tool(['shop', '--from', uri], { cwd: scratch() });
    expect(code).toBe(1);
    expect(err).toContain('nothing is fetched from the web');
  },
);
