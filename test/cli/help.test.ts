import { execFileSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands, flagOf, options, optionsOf, unbuilt } from '../../src/questions/table.ts';
import { replaceIn } from '../replace-in.ts';
import { scratch, snapshot, tool } from './tool.ts';

const cwd = scratch();

test('help names every command and option of the table, and nothing that is not built', async () => {
  const { code, out, err } = await tool(['--help'], { cwd });
  expect([code, err]).toEqual([0, '']);
  for (const { name } of commands.filter((command) => command.name !== 'new'))
    expect(out).toContain(`create-flask-style-api ${name}`);
  for (const option of options) expect(out).toContain(`${flagOf(option)} `);
  for (const word of unbuilt) expect(out).not.toMatch(new RegExp(`(^| )${word}( |$)`, 'm'));
});

test.each(commands.map(({ name }) => name))('help of %s shows its own options', async (name) => {
  const { code, out } = await tool([...name.split(' '), '--help'], { cwd });
  expect(code).toBe(0);
  const shown = [...out.matchAll(/^ {2}(?:-\w, | {4})(--[\w-]+)/gm)].map(([, flag]) => flag);
  expect(shown).toEqual(optionsOf(name).map(flagOf));
});

test.each(commands.map(({ name, examples }) => ({ name, examples })))(
  'help of $name ends with its own examples, by either way',
  async ({ name, examples }) => {
    const { out } = await tool([...name.split(' '), '--help'], { cwd });
    const shown = out.slice(/^Examples?:$/m.exec(out)?.index);
    expect(examples.length).toBeGreaterThan(0);
    expect(shown.split('\n').slice(1).join('\n')).toBe(
      examples.map((example) => `  create-flask-style-api ${example}\n`).join(''),
    );
    expect((await tool(['help', ...name.split(' ')], { cwd })).out).toBe(out);
  },
);

test('the examples of all commands, one after another, do what they say', async () => {
  const folder = scratch();
  const shop = join(folder, 'bookshop');
  const run = async (example: string, cwd: string) => {
    // What a shell makes of it: lines that go on, and where the output goes.
    const typed = (example.replaceAll('\\\n', ' ').split(' > ')[0] ?? '').split(' ');
    const args = typed.filter((word) => word !== '');
    const emits = ['bookshop', 'example'].includes(args[0] ?? '');
    return tool([...args, ...(emits ? ['--no-install', '--no-git'] : [])], {
      cwd,
      timeout: 60_000,
    });
  };
  for (const { name, examples } of commands) {
    if (name === 'apply') replaceIn(join(shop, 'flask-style.json'), '"price"', '"cost"');
    if (name === 'adopt') renameSync(join(shop, '.flask-style'), join(folder, 'lost'));
    for (const example of examples) {
      const { code, out, err } = await run(example, existsSync(shop) ? shop : folder);
      // Here are no packages: the doctor has something to say.
      expect([example, code, err]).toEqual([example, name === 'doctor' ? 1 : 0, '']);
      expect([example, out.includes('nothing to do')]).toEqual([example, name === 'resolve']);
    }
  }
}, 120_000);

test.each(commands.map(({ name }) => name))('%s is a command', async (name) => {
  const { out, err } = await tool([...name.split(' '), '--json'], { cwd });
  expect(out + err).not.toContain('unknown command');
});

test.each([...unbuilt])('%s is refused like an unknown word', async (word) => {
  const before = snapshot(cwd);
  const { code, out, err } = await tool(['shop', word, 'auth'], { cwd });
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^error: unknown (command|option) "[^\n]*\n$/);
  expect(snapshot(cwd)).toEqual(before);
});

test.each([
  [['exmaple'], 'did you mean example?'],
  [['exampel', 'bookshop'], 'did you mean example?'],
  [['doctr'], 'did you mean doctor?'],
  [
    ['shop', '--resource', 'a', 'b', '--with', 'forms', '--without', 'pages'],
    'forms need the pages',
  ],
  [
    ['shop', '--resource', 'webhook-subscription', 'b', '--with', 'webhooks'],
    'the subscriptions of the feature webhooks',
  ],
  [['update', '--dry-run=false'], '--dry-run takes no value (write --dry-run, or leave it out)'],
  [['update', '-y=no'], '-y takes no value'],
  [['shop', '--no-git=true'], '--no-git takes no value'],
  // A folder, though it looks like a command: what is missing is something else.
  [['news'], '--resource (or --from) is missing'],
  [['exmaple', '--from', 'nope.json'], 'nope.json'],
  [['doctr', '--resource', 'x', 'a:nope'], 'the unknown type "nope"'],
  // What other tools call it; with what only a new project takes it is a folder after all.
  [['version'], 'did you mean --version? a folder of that name is ./version'],
  [['init'], 'did you mean new?'],
  [['create', 'shop'], 'did you mean new?'],
  [['delete', 'resource', 'product'], 'did you mean remove?'],
  [['ls'], 'did you mean help?'],
  [['ls', '--from', 'nope.json'], 'nope.json'],
  [['./init'], '--resource (or --from) is missing'],
  [['hepl'], 'did you mean help?'],
  [['rotes'], 'did you mean routes?'],
  [['completon', 'bash'], 'did you mean completion?'],
  [['stauts'], 'did you mean status?'],
  [['ad', 'resource', 'product'], 'did you mean add?'],
  [['add', 'resorce', 'product'], 'did you mean resource?'],
  [['add', 'gizmo', 'about'], 'one of: resource, field, automation, webhook, page'],
  [['remove', 'feild', 'product', 'name'], 'did you mean field?'],
  [['add'], 'add needs to be told what: resource or field'],
  [['add', 'field', 'product', 'x', '--aftr', 'y'], 'did you mean --after?'],
  [['update', '--conflicts', 'marker'], 'did you mean markers?'],
  [['shop', '--resorce', 'product'], 'did you mean --resource?'],
  [['shop', '--dryrun'], 'did you mean --dry-run?'],
  [['shop', '--no-instal'], 'did you mean --no-install?'],
  [['shop', '--pm', 'pnmp'], 'did you mean pnpm?'],
  [['shop', '--database', 'embeded'], 'did you mean embedded?'],
  [['shop', '--without', 'page'], 'did you mean pages?'],
  [['example', 'bokshop'], 'did you mean bookshop?'],
  [['completion', 'fih'], 'did you mean fish?'],
  [['shop', '--resource', 'product', 'name:strnig'], 'did you mean string?'],
  [['shop', '--resource', 'product', 'name:string:requird'], 'did you mean required?'],
])('%j: %s', async (args, hint) => {
  const { code, out, err } = await tool(args, { cwd });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(hint);
  expect(err.trimEnd()).not.toContain('\n');
});

test.each([
  [['shop', '--pm', 'npm', '--pm', 'pnpm'], '--pm is given twice'],
  [['shop', '--pm='], '--pm needs a value'],
  [['shop', '--resource'], '--resource has no name behind it'],
  [['shop', 'product'], 'one word too many'],
  [['doctor', 'here'], 'one word too many for doctor'],
  [['apply', 'it'], 'one word too many for apply'],
  [['rename', 'field', 'product', 'a', 'b', 'c'], 'one word too many for rename field'],
  [
    ['rename', 'field', 'product', 'a'],
    'rename field needs more words (rename field <resource> <old> <new>)',
  ],
  [['add', 'resource'], 'add resource needs more words (add resource <name> [field ...])'],
  [['status', '--conflicts', 'ours'], 'unknown option "--conflicts" of status'],
  [['update', '--after', 'x'], 'unknown option "--after" of update'],
  [['update', '--plan', 'a', '--plan', 'b'], '--plan is given twice'],
  [['routes', '--resource', 'product'], 'unknown option "--resource" of routes'],
  [['example', '--database', 'none'], 'unknown option "--database" of example'],
  [['--constructor'], 'unknown option "--constructor"'],
  [['status', '--toString'], 'unknown option "--toString"'],
  [['shop', '--from', 'a.json', '--resource', 'product'], 'do not go together'],
])('%j is refused: %s', async (args, message) => {
  const { code, err } = await tool(args, { cwd });
  expect(code).toBe(1);
  expect(err).toContain(message);
});

test('--version prints the version of the package', async () => {
  const { out } = await tool(['--version'], { cwd });
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each(['bash', 'zsh', 'fish'])(
  'the completion script of %s knows the commands',
  async (shell) => {
    const { code, out } = await tool(['completion', shell], { cwd });
    expect(code).toBe(0);
    for (const { name } of commands)
      for (const word of name.split(' ')) expect(out).toContain(word);
  },
);

test('bash completes commands and the options of a command', async () => {
  const { out } = await tool(['completion', 'bash'], { cwd });
  const complete = (...words: string[]) => {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _create_flask_style_api; echo "\${COMPREPLY[*]}"`;
    return execFileSync('bash', ['--norc', '-c', `${out}\n${ask}`], {
      cwd,
      encoding: 'utf8',
    }).trim();
  };
  expect(complete('create-flask-style-api', 'do')).toBe('doctor');
  expect(complete('create-flask-style-api', 'routes', '--j')).toBe('--json');
  expect(complete('create-flask-style-api', 'shop', '--res')).toBe('--resource');
  expect(complete('create-flask-style-api', 'routes', '--res')).toBe('');
  expect(complete('create-flask-style-api', 'rem')).toBe('remove');
  expect(complete('create-flask-style-api', 'remove', '')).toBe(
    'resource field automation webhook page feature',
  );
  const features = 'forms dashboard webhooks k8s pages';
  expect(complete('create-flask-style-api', 'add', 'feature', '')).toBe(features);
  expect(complete('create-flask-style-api', 'remove', 'feature', 'da')).toBe('dashboard');
  expect(complete('create-flask-style-api', 'add', 'page', 'da')).toBe('');
  expect(complete('create-flask-style-api', 'completion', '')).toBe('bash zsh fish');
  expect(complete('create-flask-style-api', 'update', '--conflicts', 'm')).toBe('markers');
  expect(complete('create-flask-style-api', 'add', 'field', '--af')).toBe('--after');
  expect(complete('create-flask-style-api', 'add', 'resource', '--af')).toBe('');
});
