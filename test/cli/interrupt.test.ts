import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasTerminal, openTool } from './terminal.ts';
import { scratch, tool } from './tool.ts';

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
});
