import path from 'node:path';
import { expect, test } from 'vitest';
import { manifest } from '../../src/package.ts';
import { examples } from '../../src/project/examples.ts';
import { withOwnFiles } from '../../src/project/own-files.ts';
import { projectTree } from '../../src/project/tree.ts';

test('the examples: their names, one line about each, valid specs', async () => {
  const all = await examples(path.resolve(import.meta.dirname, '../..'));
  expect(all.map(({ name }) => name)).toEqual([
    'minimal',
    'bookshop',
    'course',
    'kitchen-sink',
    'tasks',
    'inventory',
  ]);
  for (const { what, spec } of all) {
    expect(what).toMatch(/^[^\n]{10,}$/);
    expect(Object.keys(spec.resources).length).toBeGreaterThan(0);
  }
});

test('what an example changes in an emitted file still has every line of it that lists something', async () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const templates = path.join(root, 'templates');
  for (const { name, spec, own } of await examples(root)) {
    const tree = await projectTree({ spec, templates, generator: manifest() });
    for (const registry of ['app/routes/index.ts', 'app/routes/pages.ts']) {
      const mine = own.get(registry);
      if (mine === undefined) continue;
      const lines = new Set(Buffer.from(mine).toString('utf8').split('\n'));
      const emitted = Buffer.from(tree.get(registry)?.content ?? '')
        .toString('utf8')
        .split('\n');
      const lost = emitted.filter((line) => !lines.has(line) && !/renderTemplate\(/.test(line));
      expect(lost, `${name}: ${registry}`).toEqual([]);
    }
  }
});

test('hand-written files lie in the project, and the state knows only what was emitted', async () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const course = (await examples(root)).find(({ name }) => name === 'course');
  if (course === undefined) throw new Error('there is no course');
  const input = {
    spec: course.spec,
    templates: path.join(root, 'templates'),
    generator: manifest(),
  };
  const plain = await projectTree(input);
  const tree = withOwnFiles(plain, course.own);
  const textOf = (of: typeof tree, file: string) =>
    Buffer.from(of.get(file)?.content ?? '').toString('utf8');
  expect(textOf(tree, '.flask-style/state.json')).toBe(textOf(plain, '.flask-style/state.json'));
  expect(textOf(plain, '.flask-style/state.json')).not.toContain('hello.ts');
  expect(textOf(tree, 'app/routes/hello.ts')).toContain("app.get('/user'");
  const readme = textOf(tree, 'README.md');
  expect(readme.indexOf('prints requests')).toBeLessThan(readme.indexOf('## Resources'));
  expect(readme.indexOf('## Questions of the interview')).toBeGreaterThan(
    readme.indexOf('PyMongo'),
  );
  expect(readme.trimEnd().split('\n').at(-1)).toMatch(/^Made by create-flask-style-api/);
});

test.each(['minimal', 'bookshop', 'course', 'kitchen-sink', 'tasks', 'inventory'])(
  '%s has a picture in its README, a command that fills it, and its own CI',
  async (name) => {
    const root = path.resolve(import.meta.dirname, '../..');
    const example = (await examples(root)).find((one) => one.name === name);
    if (example === undefined) throw new Error(`there is no ${name}`);
    const templates = path.join(root, 'templates');
    const plain = await projectTree({ spec: example.spec, templates, generator: manifest() });
    const tree = withOwnFiles(plain, example.own);
    const textOf = (file: string) => Buffer.from(tree.get(file)?.content ?? '').toString('utf8');
    const [, picture = ''] = /^!\[[^\]]{8,}\]\(([^)]+)\)$/m.exec(textOf('README.md')) ?? [];
    const head = Buffer.from(tree.get(picture)?.content ?? '').subarray(1, 4);
    expect(head.toString('latin1'), picture).toBe('PNG');
    expect(textOf('package.json')).toContain('"db:seed"');
    expect(textOf('.github/workflows/ci.yml')).toMatch(/run: npm (?:run )?test$/m);
  },
);
