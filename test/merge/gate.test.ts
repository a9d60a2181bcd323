import { expect, it } from 'vitest';
import { codeProblem } from '../../src/merge/ts/gate.ts';
import { undeclaredNames } from '../../src/merge/ts/scope.ts';
import { parseSource } from '../../src/merge/ts/parse.ts';
import { textKind } from '../../src/merge/text-kind.ts';
import { yamlKind } from '../../src/merge/yaml.ts';

const base = 'export const model = {\n  a: 1,\n  b: 2,\n};\n';

// Each of these is what lines alone would have written.
it.each([
  ['does not parse', { merged: 'export const model = {\n' }, 'would not parse'],
  [
    'has a key twice',
    {
      ours: base.replace('  a', '  c: 3,\n  a'),
      theirs: base.replace('2,\n', '2,\n  c: 4,\n'),
      merged: 'export const model = {\n  c: 3,\n  a: 1,\n  b: 2,\n  c: 4,\n};\n',
    },
    'line 5 of the merge: c would be there twice',
  ],
  [
    'uses what is not declared',
    {
      ours: base.replaceAll('model', 'mine'),
      theirs: `${base}use(model);\n`,
      merged: `${base.replaceAll('model', 'mine')}use(model);\n`,
    },
    'line 5 of the merge: model is no longer declared',
  ],
  [
    'lost a word of the user',
    { ours: base.replace('2', '2, mine: 3'), merged: base },
    'would be lost',
  ],
  ['lost a comment of the user', { ours: `// kept\n${base}`, merged: base }, 'kept would be lost'],
  [
    'lost what the generator adds',
    { theirs: base.replace('2', '2, fresh: 3'), merged: base },
    'fresh',
  ],
  [
    'brings back what the user removed',
    { ours: base.replace('  b: 2,\n', ''), merged: base },
    'b, which you removed, would come back',
  ],
])('a merge that %s does not pass', (_what, texts, problem) => {
  expect(codeProblem({ base, ours: base, theirs: base, ...texts })).toContain(problem);
});

it('routes and imports are there once; overloads, accessors and repeated calls may be', () => {
  const routes = "import { r } from 'r';\nr.get('/a', x).get('/a', y);\n";
  const once = routes.replace(".get('/a', y)", '');
  const sides = { base: once, ours: once, theirs: once };
  expect(codeProblem({ ...sides, merged: routes })).toContain('GET /a would be there twice');
  expect(codeProblem({ ...sides, merged: `import { r } from 'r';\n${once}` })).toBeDefined();
  const repeated =
    'class A {\n  get b() { return 1; }\n  set b(c) {}\n  d(e: string): void;\n  d(e: number): void;\n  d(e) {}\n}\nuse(a);\nuse(a);\nz.refine(b).refine(b);\n';
  expect(codeProblem({ base: '', ours: '', theirs: repeated, merged: repeated })).toBeUndefined();
});

it('knows what is declared', () => {
  const names = (text: string) => {
    const source = parseSource(text);
    return typeof source === 'string' ? [source] : [...undeclaredNames(source).keys()];
  };
  expect(
    names(`import a, { b as c, type D } from 'x';
      export { e } from 'y';
      const { f, g: [h], ...i } = a;
      function j<K>(l: K, { m = n } = o): D { return p.q + l + m + { r: 1, f }.s; }
      class T<U> extends V { w = this.x; #y(z: U) { return z; } }
      type A1<B1> = B1 extends (infer C1)[] ? C1 : { [D1 in keyof B1]: D1 };
      for (const e1 of c) label: while (e1) break label;
      try {} catch (f1) { throw f1; }
      enum G1 { h1 }
      const i1 = () => j1(T, i, h, G1, i1, {} as A1<string>);`),
  ).toEqual(['n', 'o', 'p', 'V', 'j1']);
});

it.each(['a.css', 'Dockerfile', 'README.md'])('%s: a lost word does not pass', (path) => {
  const sides = { base: 'a b\n', ours: 'a b mine\n', theirs: 'a b new\n' };
  const { problem } = textKind(path);
  expect(problem({ ...sides, merged: 'a b new\n' })).toBe('mine would be lost');
  expect(problem({ ...sides, merged: 'a b mine\n' })).toBe('new would be lost');
  expect(problem({ ...sides, merged: 'a b mine new\n' })).toBeUndefined();
});

it('YAML: a key twice, or a lost word, does not pass', () => {
  const sides = { base: 'a: 1\n', ours: 'a: 1\nb: 2\n', theirs: 'a: 1\n' };
  expect(yamlKind.problem({ ...sides, merged: 'a: 1\nb: 2\na: 1\n' })).toContain('line 3');
  expect(yamlKind.problem({ ...sides, merged: 'a: 1\n' })).toContain('would be lost');
  expect(yamlKind.problem({ ...sides, merged: 'b: 2\na: 1\n' })).toBeUndefined();
});

it.each([
  ['a key under another parent', 'a:\n  x: 2\nb:\n  y: 1\n  mine: 1\n'],
  ['a value that nobody gave', 'a:\n  x: 3\n  mine: 1\nb:\n  y: 1\n'],
  ['a key that is gone', 'a:\n  x: 2\n  mine: 1\nb: y 1\n'],
])('YAML: %s is not what the keys say', (_what, merged) => {
  const base = 'a:\n  x: 1\nb:\n  y: 1\n';
  const sides = { base, ours: base.replace('b:', '  mine: 1\nb:'), theirs: base.replace('1', '2') };
  expect(yamlKind.problem({ ...sides, merged })).toBeDefined();
  const right = sides.ours.replace('x: 1', 'x: 2');
  expect(yamlKind.problem({ ...sides, merged: right })).toBeUndefined();
  const twice = { base: '- a\n', ours: '- a\n- mine\n', theirs: '- b\n- a\n' };
  expect(yamlKind.problem({ ...twice, merged: '- b\n- a\n- mine\n' })).toBeUndefined();
});
