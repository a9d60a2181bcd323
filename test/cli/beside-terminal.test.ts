import { describe, expect, test, vi } from 'vitest';
import { starter, starters } from './starters/index.ts';
import { hasTerminal, openTool } from './terminal.ts';
import { snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 120_000 });

const command = ['add', 'resource', 'book', 'title:string:required'];

describe.skipIf(!hasTerminal)('a file that is not ours, at a terminal', () => {
  test('yes: the diff was shown before, and then all of it is written', async () => {
    const project = starter('generator');
    const before = snapshot(project.root);
    const terminal = await openTool(command, project.root, 'NO_COLOR=1');
    const screen = await terminal.shows(/package\.json: change it as shown\?[^]*❯ no\n {2}yes/);
    expect(screen).toContain('+    "mongodb": "^');
    expect(snapshot(project.root)).toEqual(before);
    terminal.press('Down');
    await terminal.shows('❯ yes');
    terminal.press('Enter');
    expect(await terminal.ended()).toBe(0);
    expect(project.read('package.json')).toContain('"mongodb": "^');
    expect(project.read('app/models/book.js')).toContain('title');
  });

  test('no: package.json stays, and what to install is said', async () => {
    const project = starter('generator');
    const terminal = await openTool(command, project.root, 'NO_COLOR=1');
    await terminal.shows(/change it as shown\?[^]*❯ no\n {2}yes/);
    terminal.press('Enter');
    expect(await terminal.ended()).toBe(0);
    expect(project.read('package.json')).toBe(starters.generator['package.json']);
    expect(project.read('app/models/book.js')).toContain('title');
    expect(terminal.screen()).toContain('note: install mongodb@^');
  });

  test('Ctrl-C: nothing is written', async () => {
    const project = starter('generator');
    const before = snapshot(project.root);
    const terminal = await openTool(command, project.root, 'NO_COLOR=1');
    await terminal.shows(/change it as shown\?[^]*❯ no\n {2}yes/);
    terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    expect(snapshot(project.root)).toEqual(before);
  });
});
