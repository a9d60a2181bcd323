import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { shop as shopProject } from './project.ts';
import { hasTerminal, openTool } from './terminal.ts';
import { scratch, snapshot, tool, toolPath } from './tool.ts';

vi.setConfig({ testTimeout: 120_000 });

const shop = ['shop', '--resource', 'product', 'name:string', '--no-install', '--no-git'];

describe('G32: an interrupt', () => {
  test.skipIf(!hasTerminal)('in a question is exit 130, nothing is written', async () => {
    const cwd = scratch();
    const terminal = await openTool([], cwd);
    await terminal.shows('Folder of the new project');
    terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    expect(terminal.screen()).toContain('interrupted');
    expect(terminal.screen()).not.toContain('bug');
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.skipIf(!hasTerminal)('in a list is the same', async () => {
    const cwd = scratch();
    const terminal = await openTool(['shop'], cwd);
    await terminal.shows('First resource');
    terminal.type('product');
    terminal.press('Enter');
    await terminal.shows('First field');
    terminal.type('name');
    terminal.press('Enter');
    await terminal.shows('Type of name');
    terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([150, 200, 250, 300, 350, 400, 450, 500])(
    'after %i ms leaves the whole project or nothing of it',
    async (interruptAfter) => {
      const cwd = scratch();
      const { code, err } = await tool(shop, { cwd, interruptAfter });
      if (code === 0) expect(existsSync(join(cwd, 'shop/package.json'))).toBe(true);
      else {
        // Before the tool listens the signal ends it (no code); afterwards it says so itself.
        expect([130, null]).toContain(code);
        if (code === 130) expect(err).toMatch(/^error: interrupted[^\n]*\n$/);
        expect(readdirSync(cwd)).toEqual([]);
      }
    },
  );

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s in a project: 130, nothing is left',
    async (signal) => {
      const { root } = await shopProject();
      const home = join(root, '.flask-style');
      // Of nobody who could be found dead.
      writeFileSync(join(home, 'lock'), 'x');
      const before = snapshot(root);
      const args = [await toolPath(), 'add', 'resource', 'book', 'title:string', '--wait', '600'];
      const child = spawn(process.execPath, args, {
        cwd: root,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let err = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      // It waits for the lock once it has written who it is.
      await vi.waitUntil(() => existsSync(join(home, 'tmp')), { timeout: 60_000 });
      child.kill(signal);
      const [code] = (await once(child, 'close')) as [number | null];
      expect([code, err]).toEqual([130, 'error: interrupted; nothing was written\n']);
      expect(snapshot(root)).toEqual(before);
    },
  );
});
