import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shop } from '../cli/project.ts';
import { hasTerminal, openTool, type Terminal } from '../cli/terminal.ts';
import { scratch, snapshot } from '../cli/tool.ts';

/** Waits for a question as the last line of the screen, then types an answer and Enter. */
async function answer(terminal: Terminal, question: string, text = ''): Promise<void> {
  await terminal.shows(new RegExp(`\\? ${question}[^\\n]*:(?: \\(\\S+\\))?$`));
  if (text !== '') terminal.type(text);
  terminal.press('Enter');
}

/** Waits for a list, goes to an entry key by key, and takes it. */
async function choose(terminal: Terminal, question: string, entry: string): Promise<void> {
  // The whole list, down to its last row: the screen may be read while it is being drawn.
  const list = (pointed: string) =>
    terminal.shows(
      new RegExp(
        `\\? ${question}(?:.*\\n)(?: {2}.*\\n)*❯ ${pointed}(?:\\n {2}.*)*(?<=\\(back\\))$`,
      ),
    );
  for (let screen = await list('.*'); ;) {
    const rows = screen.slice(screen.lastIndexOf(`? ${question}`)).split('\n');
    const at = rows.findIndex((row) => row.startsWith('❯ '));
    const wanted = rows.findIndex((row) => row.slice(2) === entry);
    expect(wanted).toBeGreaterThan(0);
    if (at === wanted) break;
    const step = at < wanted ? 1 : -1;
    terminal.press(step === 1 ? 'Down' : 'Up');
    const next = rows[at + step]?.slice(2) ?? '';
    screen = await list(next.replaceAll(/[()]/g, '\\$&'));
  }
  terminal.press('Enter');
}

describe.skipIf(!hasTerminal)('the questions at a terminal', () => {
  test('a session to its end: answers typed and chosen, back in a text and in a list', async () => {
    const cwd = scratch();
    const terminal = await openTool(['--no-install', '--no-git'], cwd, 'NO_COLOR=1');
    await terminal.shows('< goes back, Ctrl-C cancels; nothing is written before the last answer.');
    await answer(terminal, 'Folder of the new project', 'shop');
    await answer(terminal, 'First resource, e.g. product', 'prodct');
    await answer(terminal, 'First field of prodct, e.g. name or name:string:required', '<');
    await answer(terminal, 'First resource, e.g. product', 'product');
    await answer(terminal, 'First field of product, e.g. name or name:string:required', 'name');
    await choose(terminal, 'Type of name', 'text');
    await choose(terminal, 'Must name be sent', '(back)');
    await choose(terminal, 'Type of name', 'string');
    await choose(terminal, 'Must name be sent', 'yes');
    await answer(
      terminal,
      'More about name, e.g. unique:maxLength=50 \\(Enter: nothing\\)',
      'unique',
    );
    await answer(terminal, 'Next field of product \\(Enter: no more\\)', 'price:decimal:min=0');
    await answer(terminal, 'Next field of product \\(Enter: no more\\)');
    await answer(terminal, 'Next resource \\(Enter: no more\\)');
    await choose(terminal, 'HTML pages as well', 'no');
    expect(readdirSync(cwd)).toEqual([]);
    await choose(terminal, 'Package manager', 'pnpm');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).toMatch(/Next:\n {2}cd shop && pnpm install\n {2}pnpm run dev\n/);
    const spec: unknown = JSON.parse(readFileSync(join(cwd, 'shop/flask-style.json'), 'utf8'));
    expect(spec).toMatchObject({
      name: 'shop',
      packageManager: 'pnpm',
      pages: false,
      resources: {
        product: {
          fields: {
            name: { type: 'string', required: true, unique: true },
            price: { type: 'decimal', min: '0' },
          },
        },
      },
    });
  });

  test('what is wrong is said while it is typed, and cannot be entered', async () => {
    const cwd = scratch();
    const terminal = await openTool(['--no-install', '--no-git'], cwd);
    await terminal.shows('Folder of the new project');
    terminal.type('../out');
    await terminal.shows('>> the folder "../out" lies outside the working folder');
    terminal.press('Enter');
    for (let letter = 0; letter < 6; letter++) terminal.press('BSpace');
    await terminal.shows(/project:(?: \(my-api\))?$/);
    terminal.type('shop');
    await terminal.shows(/project: shop$/);
    terminal.press('Enter');
    await terminal.shows('First resource');
    terminal.type('1abc');
    await terminal.shows('>> ');
    terminal.press('C-u');
    terminal.type('product');
    await terminal.shows(/product: product$/);
    terminal.press('Enter');
    await terminal.shows('First field');
    terminal.type('name:strnig');
    await terminal.shows('did you mean string?');
    terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    expect(snapshot(cwd)).toEqual({});
  });

  test('what the arguments say is not asked', async () => {
    const cwd = scratch();
    const terminal = await openTool(
      ['shop', '--pm', 'npm', '--without', 'pages', '--no-install', '--no-git'],
      cwd,
    );
    await answer(terminal, 'First resource, e.g. product', 'product');
    await answer(
      terminal,
      'First field of product, e.g. name or name:string:required',
      'name:string',
    );
    await answer(terminal, 'Next field of product \\(Enter: no more\\)');
    await answer(terminal, 'Next resource \\(Enter: no more\\)');
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).not.toMatch(/\? (?:Folder|HTML|Package)/);
  });

  test.each([
    ['C-c', ''],
    ['C-d', ''],
    ['C-c', 'name'],
    ['C-d', 'name'],
  ])('%s leaves a question, a list too (%j), and the terminal as it was', async (key, field) => {
    const cwd = scratch();
    const terminal = await openTool(['shop', '--no-install', '--no-git'], cwd);
    await answer(terminal, 'First resource, e.g. product', 'product');
    if (field === '') await terminal.shows('First field');
    else {
      await answer(terminal, 'First field of product', field);
      await terminal.shows('(back)');
      expect(terminal.cursor()).toBe(false);
    }
    terminal.press(key);
    expect(await terminal.ended()).toBe(130);
    expect(terminal.screen()).toContain('\nerror: interrupted, nothing was written\n');
    expect(terminal.cursor()).toBe(true);
    expect(snapshot(cwd)).toEqual({});
  });

  test('add resource asks for nothing when the resource is there', async () => {
    const project = await shop();
    const terminal = await openTool(['add', 'resource', 'products'], project.root);
    expect(await terminal.ended()).toBe(1);
    expect(terminal.screen()).toContain(
      'error: there is a resource product already (add field product <field ...>)',
    );
  });

  test('a list longer than the screen shows what is pointed to, and is drawn once', async () => {
    const terminal = await openTool(['shop', '--no-install', '--no-git'], scratch(), '', 12);
    await answer(terminal, 'First resource, e.g. product', 'product');
    await answer(terminal, 'First field of product', 'name');
    await terminal.shows('❯ string');
    for (let step = 0; step < 17; step++) terminal.press('Down');
    const screen = await terminal.shows('❯ (back)');
    expect(screen.split('? Type of name')).toHaveLength(2);
  });

  test('a terminal that can draw nothing is none to ask at', async () => {
    const terminal = await openTool(['shop'], scratch(), 'TERM=dumb');
    expect(await terminal.ended()).toBe(1);
    expect(terminal.screen()).toContain('error: there is no terminal to ask for the resources');
  });
});
