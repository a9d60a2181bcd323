import { expect, test, vi } from 'vitest';
import { ownRule, shop, type Project } from './project.ts';
import { snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Everything but the entries that undo reads. */
function files({ root }: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(root)).filter(([path]) => !/^\.flask-style\/(undo|tx|tmp)/.test(path)),
  );
}

test('undo and redo through a sequence of commands, to the byte', async () => {
  const project = await shop();
  const states = [files(project)];
  const commands = [
    ['add', 'resource', 'tag', 'word:slug'],
    ['rename', 'field', 'product', 'title', 'name'],
    ['remove', 'field', 'product', 'price'],
  ];
  for (const command of commands) {
    expect((await project.run(...command)).code).toBe(0);
    states.push(files(project));
  }
  expect((await project.run('redo')).err).toContain('there is nothing to redo');
  for (const state of states.slice(0, -1).reverse()) {
    const { code, err } = await project.run('undo');
    expect([code, err]).toEqual([0, '']);
    expect(files(project)).toEqual(state);
  }
  const nothing = await project.run('undo');
  expect([nothing.code, nothing.out]).toEqual([1, '']);
  for (const state of states.slice(1)) {
    const { code, err } = await project.run('redo');
    expect([code, err]).toEqual([0, '']);
    expect(files(project)).toEqual(state);
  }
});

test('files laid out as no style says come back to the byte, also where they had gone or moved', async () => {
  const project = await shop();
  for (const path of ['app/models/product.ts', 'app/routes/products.ts'])
    project.write(path, project.read(path).replaceAll('\n', '\r\n'));
  const service = 'app/services/products.ts';
  project.write(service, project.read(service).replaceAll('(context', '(  context'));
  const before = files(project);
  for (const command of [
    ['rename', 'resource', 'product', 'good'],
    ['remove', 'resource', 'product'],
    ['add', 'field', 'product', 'weight:number'],
  ]) {
    expect([command, (await project.run(...command)).code]).toEqual([command, 0]);
    expect((await project.run('undo')).code).toBe(0);
    expect(files(project)).toEqual(before);
  }
});

test('an edit made since stays when an older command is taken back; status names the entries', async () => {
  const project = await shop();
  await project.run('add', 'resource', 'tag', 'word:slug');
  await project.run('add', 'field', 'category', 'note:text');
  project.write('app/services/products.ts', ownRule);
  const listed = await project.run('status');
  expect(listed.out).toMatch(/edited {2}app\/services\/products\.ts/);
  expect(listed.out).toMatch(
    /0002 {2}\S+ {2}add field category note:text\n {2}0001 {2}\S+ {2}add resource tag word:slug\n/,
  );
  const dry = await project.run('undo', '1', '--dry-run');
  expect(dry.out).toContain('deleted file mode 100644');
  const { code, err } = await project.run('undo', '1');
  expect([code, err]).toEqual([0, '']);
  expect(project.read('app/services/products.ts')).toBe(ownRule);
  expect(project.read('app/models/category.ts')).toContain('note:');
  expect(project.read('flask-style.json')).not.toContain('"tag"');
  const json = JSON.parse((await project.run('status', '--json')).out) as {
    undo: { id: string; undone: boolean }[];
  };
  expect(json.undo.map(({ id, undone }) => [id, undone])).toEqual([
    ['0003', false],
    ['0002', false],
    ['0001', true],
  ]);
  const twice = await project.run('undo', '1');
  expect([twice.code, twice.out]).toEqual([1, '']);
  const unknown = await project.run('undo', '../x');
  expect([unknown.code, unknown.out]).toEqual([1, '']);
});

test('diff is the edits of the user as a patch, of one file or of all', async () => {
  const project = await shop();
  expect((await project.run('diff')).out).toBe('');
  project.write('app/services/products.ts', ownRule);
  project.edit('README.md', '# ', '# My ');
  const all = await project.run('diff');
  expect(all.code).toBe(0);
  expect(all.out).toContain('diff --git a/README.md b/README.md');
  const one = await project.run('diff', './app/services/products.ts');
  expect(one.out).not.toContain('README.md');
  expect(one.out).toContain("+      if (document.title === 'x') document.title = 'y';\n");
  const wrong = await project.run('diff', 'app/services/product.ts');
  expect([wrong.code, wrong.out]).toEqual([1, '']);
  expect(wrong.err).toContain('did you mean app/services/products.ts?');
});
