import { expect, it } from 'vitest';
import {
  emittedStyle,
  inUserStyle,
  sameContent,
  styleFiles,
  styleOf,
} from '../../src/merge/index.ts';
import { optionsFor } from '../../src/merge/style.ts';
import { bytes, textOf } from './support.ts';

const from = (files: Readonly<Record<string, string>>) =>
  styleOf(new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)])));

it('an emitted project has the emitted style: prettier is not needed', async () => {
  const style = await from({
    '.prettierrc.json': '{ "printWidth": 100, "singleQuote": true }',
    '.editorconfig': 'root = true\n[*]\nindent_size = 2\nindent_style = space\nend_of_line = lf\n',
    'package.json': '{}',
  });
  expect(optionsFor(style, 'app/index.ts')).toBeUndefined();
  expect(optionsFor(emittedStyle, 'app/index.ts')).toBeUndefined();
});

it('reads JSON, YAML, package.json and .editorconfig, with their patterns; never code', async () => {
  expect(styleFiles.some((path) => /\.[cm]?[jt]s$/.test(path))).toBe(false);
  const yaml = await from({
    '.prettierrc':
      'semi: false\noverrides:\n  - files: "*.test.ts"\n    options:\n      semi: true\n',
  });
  expect(optionsFor(yaml, 'a/b.ts')).toMatchObject({ semi: false, printWidth: 80 });
  expect(optionsFor(yaml, 'a/b.test.ts')).toMatchObject({ semi: true });
  const manifest = await from({
    'package.json': '{ "prettier": { "useTabs": true, "plugins": ["evil"] } }',
  });
  expect(optionsFor(manifest, 'a.ts')).toMatchObject({ useTabs: true });
  expect(optionsFor(manifest, 'a.ts')).not.toHaveProperty('plugins');
  const editor = await from({
    '.editorconfig': '[*.{ts,js}]\nindent_style = tab\n[*.md]\nindent_size = 4\n',
  });
  expect(optionsFor(editor, 'a/b.ts')).toMatchObject({ useTabs: true, singleQuote: true });
  expect(optionsFor(editor, 'a.css')).toBeUndefined();
  const shared = await from({ 'package.json': '{ "prettier": "@me/config" }' });
  expect(shared.said).toBe(false);
  const ignoring = await from({
    '.prettierrc': '{ "semi": false }',
    '.prettierignore': 'app/templates/\n*.md\n',
  });
  expect(optionsFor(ignoring, 'app/templates/a.html')).toBeUndefined();
  expect(optionsFor(ignoring, 'b/README.md')).toBeUndefined();
  expect(optionsFor(ignoring, 'app/a.ts')).toBeDefined();
});

it('new files are written in the style and with the line ends of the project', async () => {
  const style = await from({
    '.prettierrc': '{ "semi": false }',
    '.editorconfig': '[*]\nend_of_line = crlf\n',
  });
  const written = await inUserStyle('a.ts', bytes("const a = 'b';\n"), undefined, undefined, style);
  expect(textOf(written)).toBe('const a = "b"\r\n');
  const plain = await inUserStyle(
    'a.ts',
    bytes("const a = 'b';\n"),
    undefined,
    undefined,
    emittedStyle,
  );
  expect(textOf(plain)).toBe("const a = 'b';\n");
});

it('a file that was only laid out anew is replaced in that layout, with its BOM and line ends', async () => {
  const base = bytes(
    "export const a = { b: 'c' };\n\nexport const d = { e: 'f' };\n\nexport const g = 1;\n",
  );
  const ours = bytes(
    '\uFEFFexport const a = { b: "c" }\r\n\r\nexport const d = { e: "f" }\r\n\r\nexport const g = 1\r\n',
  );
  const theirs = bytes(
    "export const a = { b: 'x' };\n\nexport const d = { e: 'f' };\n\nexport const g = 1;\n",
  );
  expect(await sameContent('a.ts', 'ts', base, ours)).toBe(true);
  const written = await inUserStyle('a.ts', theirs, ours, base, await from({}));
  expect(textOf(written)).toBe(textOf(ours).replace('"c"', '"x"'));
});

it.each([
  ['text', 'a.txt', 'a\nb\n', '\uFEFFa\r\nb', true],
  ['text', 'a.txt', 'a\nb\n', 'a\n b\n', false],
  ['ts', 'a.ts', "f('a', { b });\n", 'f(\n  "a",\n  { b },\n)\n', true],
  ['ts', 'a.ts', 'f();\n', '// mine\nf();\n', false],
  ['json', 'a.json', '{"a":[1]}', '{\n  "a": [1,],\n}\n', true],
  ['json', 'a.json', '{"a":1}', '{ "a": 1 // mine\n}', false],
  ['yaml', 'a.yml', "a: 'b'\n", 'a:   "b"\n', true],
  ['yaml', 'a.yml', 'a: b\n', '# mine\na: b\n', false],
  ['bin', 'a.png', 'a\n', 'a\r\n', false],
] as const)('%s %s: %j and %j say the same: %s', async (policy, path, a, b, same) => {
  expect(await sameContent(path, policy, bytes(a), bytes(b))).toBe(same);
});
