import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { clean, conflict, merge } from './support.ts';

const emitted = (path: string) =>
  readFileSync(join(import.meta.dirname, '../../examples/bookshop', path), 'utf8');

it('YAML: both add a step, a key and a comment; nothing of the layout changes', async () => {
  const path = '.github/workflows/ci.yml';
  const base = emitted(path);
  const end = '      - run: npm run build\n';
  const merged = await clean(path, {
    base,
    ours: base.replace(end, `${end}      - run: npm run mine # mine\n`),
    theirs: base.replace(end, `${end}      - uses: a/b@1\n        with:\n          c: 1\n`),
  });
  expect(merged).toBe(
    base.replace(
      end,
      `${end}      - run: npm run mine # mine\n      - uses: a/b@1\n        with:\n          c: 1\n`,
    ),
  );
});

it('YAML: four spaces of the user, a service of the generator', async () => {
  const base = 'a:\n  b: 1\n  c:\n    - x\n';
  const merged = await clean('a.yaml', {
    base,
    ours: 'a:\n    b: 1\n    c:\n        - x\n        - mine\n',
    theirs: `${base}d:\n  e:\n    f: 1\n`,
  });
  expect(parse(merged)).toEqual({ a: { b: 1, c: ['x', 'mine'] }, d: { e: { f: 1 } } });
});

it('YAML: the same value changed, and the order of a command, are conflicts', async () => {
  const base = 'a: 1\ncommand:\n  - x\n';
  expect(
    (
      await conflict('a.yaml', {
        base,
        ours: base.replace('1', '2'),
        theirs: base.replace('1', '3'),
      })
    ).reason,
  ).toBe('line 1: both sides changed a');
  await conflict('a.yaml', { base, ours: `${base}  - mine\n`, theirs: `${base}  - theirs\n` });
});

it('YAML that was not emitted before is brought together key by key, comments too', async () => {
  const ours = '# mine\na:\n  b: 1 # kept\nc:\n  - x\n';
  const theirs = '# generated\na:\n  b: 1\n  d: 2\n\n# about e\ne: 3\n';
  const merged = await clean('a.yaml', { base: undefined, ours, theirs });
  expect(merged).toBe(
    '# mine\n# generated\na:\n  b: 1 # kept\n  d: 2\nc:\n  - x\n\n# about e\ne: 3\n',
  );
  const other = { base: undefined, ours, theirs: 'a:\n  b: 2\n' };
  expect((await conflict('a.yaml', other)).reason).toBe('line 3: both sides added b');
  expect(await clean('a.yaml', { base: undefined, ours: '# mine\n', theirs })).toContain('e: 3\n');
});

it('anchors and several documents are merged by lines', async () => {
  const base = 'a: &x\n  b: 1\nc: *x\n---\nd: 1\n';
  const merged = await clean('a.yaml', {
    base,
    ours: base.replace('b: 1', 'b: 2'),
    theirs: base.replace('d: 1', 'd: 2'),
  });
  expect(merged).toBe('a: &x\n  b: 2\nc: *x\n---\nd: 2\n');
});

it('YAML with anchors: neighbouring keys, looked at by what the anchors stand for', async () => {
  const base =
    's:\n  api:\n    build: .\n    restart: always\n  db:\n    image: mongo:8\n    restart: always\n';
  const ours = `x: &own\n  restart: always\n  init: true\n${base.replaceAll('    restart: always\n', '    <<: *own\n')}`;
  const theirs = base.replace('mongo:8', 'mongo:9');
  expect(await clean('compose.yaml', { base, ours, theirs })).toBe(
    ours.replace('mongo:8', 'mongo:9'),
  );
  const restart = base.replaceAll('restart: always', 'restart: never');
  await conflict('compose.yaml', { base, ours, theirs: restart });
});

it('a page: what a tag says and what it holds are two things on one line, in a style sheet they are one', async () => {
  const base =
    '<main>\n<b>x</b>\n<footer>{% block footer %}Made here{% endblock %}</footer>\n</main>\n';
  const ours = base.replace('Made here', '© Mine').replace('<main>\n', '<main>\n<p>mine</p>\n');
  const theirs = base
    .replace('<footer>', '<footer id="end">')
    .replace('<main>\n', '<main>\n<p>new</p>\n');
  expect(await clean('a.html', { base, ours, theirs })).toBe(
    '<main>\n<p>mine</p>\n<p>new</p>\n<b>x</b>\n<footer id="end">{% block footer %}© Mine{% endblock %}</footer>\n</main>\n',
  );
  const css = 'a {\n  border: 1px solid red;\n}\n';
  await conflict('a.css', {
    base: css,
    ours: css.replace('red', 'blue'),
    theirs: css.replace('1px', '2px'),
  });
});

it('.env.example: a variable with its comment goes to its neighbour, a value of the user stays', async () => {
  const base = emitted('.env.example');
  const added = '\n# How many\nWORKERS=1\n';
  const merged = await clean('.env.example', {
    base,
    ours: `${base.replace('#TRUST_PROXY=1', 'TRUST_PROXY=2')}\n# mine\nMINE=1\n`,
    theirs: `${base}${added}`,
  });
  expect(merged).toBe(
    `${base.replace('#TRUST_PROXY=1', 'TRUST_PROXY=2')}\n# mine\nMINE=1\n${added}`,
  );
});

it('a set of lines: dropped lines go when they are as they were; a variable set by both is a conflict', async () => {
  const merged = await clean('.gitignore', {
    base: 'a/\nb/\nc/\n',
    ours: 'a/\nb/ # mine\nc/\nd/\n',
    theirs: 'a/\nb/\ne/\n',
  });
  expect(merged).toBe('a/\nb/ # mine\nd/\ne/\n');
  await conflict('.env.example', { base: 'A=1\n', ours: 'A=2\n', theirs: 'A=3\n' });
});

it('README: a table that the generator lays out anew takes the row of the user', async () => {
  const base = '| A | B |\n| - | - |\n| a | b |\n| c | d |\n';
  const merged = await clean('README.md', {
    base,
    ours: base.replace('| c | d |', '| c | mine |'),
    theirs: '| A      | B |\n| ------ | - |\n| a      | b |\n| c      | d |\n| longer | e |\n',
  });
  expect(merged).toBe(
    '| A      | B |\n| ------ | - |\n| a      | b |\n| c | mine |\n| longer | e |\n',
  );
});

it('pages and style sheets: what both insert at one place stands there, in a Dockerfile it is a conflict', async () => {
  const texts = (base: string, mine: string, other: string) => ({
    base,
    ours: base + mine,
    theirs: base + other,
  });
  const css = texts('a {\n  b: c;\n}\n', '\n.mine {\n  d: e;\n}\n', '\n.new {\n  f: g;\n}\n');
  expect(await clean('a.css', css)).toBe(`${css.ours}\n.new {\n  f: g;\n}\n`);
  await conflict('Dockerfile', texts('FROM a\n', 'RUN mine\n', 'RUN theirs\n'));
});

it('a comment stays with the line that it stands above', async () => {
  const base = 'FROM a\nUSER 1\n';
  const ours = base.replace('USER', '# Not root.\nUSER');
  const theirs = base.replace('USER', 'ENV B=1\nUSER');
  const both = 'FROM a\nENV B=1\n# Not root.\nUSER 1\n';
  expect(await clean('Dockerfile', { base, ours, theirs })).toBe(both);
  expect(await clean('Dockerfile', { base, ours: theirs, theirs: ours })).toBe(both);
});

it('binary files are replaced when untouched; seeds never', async () => {
  const texts = { base: 'a', ours: 'a', theirs: 'b' };
  expect(await clean('icon.png', texts)).toBe('b');
  await conflict('icon.png', { ...texts, ours: 'mine' });
  expect(await clean('.env', { ...texts, ours: 'SECRET=1\n' })).toBe('SECRET=1\n');
});

it('bytes that are no UTF-8 are named and never re-encoded', async () => {
  const { mergeFile, emittedStyle } = await import('../../src/merge/index.ts');
  const encode = (text: string) => new TextEncoder().encode(text);
  const result = await mergeFile({
    path: 'a.txt',
    policy: 'text',
    base: encode('a\n'),
    ours: Uint8Array.of(0x61, 0xe9, 0x0a),
    theirs: encode('b\n'),
    style: emittedStyle,
    labels: { base: '', theirs: '' },
  });
  expect(result).toEqual({ kind: 'conflict', reason: 'the file is not UTF-8', hunks: [] });
});

it('mixed line ends: each line keeps its own, new ones take the common one', async () => {
  const merged = await clean('a.txt', {
    base: 'a\nb\nc\nd\n',
    ours: 'a\r\nb\nc\r\nd\r\n',
    theirs: 'a\nb\nc\nd\ne\n',
  });
  expect(merged).toBe('a\r\nb\nc\r\nd\r\ne\r\n');
});

it('a file that is there without having been emitted is a conflict when it differs', async () => {
  expect(
    await merge('a.ts', { base: undefined, ours: 'const a = 1;\n', theirs: 'const a = 2;\n' }),
  ).toMatchObject({ kind: 'conflict' });
});

it('a line that the generator moved, beside one that the user added, is not lost', async () => {
  const merged = await clean('.gitignore', {
    base: 'a/\nb/\nc/\n',
    ours: 'a/\nmine/\nb/\nc/\n',
    theirs: 'b/\nc/\na/\n',
  });
  expect(merged.split('\n').sort()).toEqual(['', 'a/', 'b/', 'c/', 'mine/']);
});
