import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { shop, type Project } from './project.ts';
import { snapshot } from './tool.ts';

/** git in a project, as somebody. */
const gitIn =
  ({ root }: Project) =>
  (...words: string[]) =>
    execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], {
      cwd: root,
      reject: false,
    });

type Commands = readonly (readonly string[])[];
type Edit = (project: Project) => void;

async function all(project: Project, commands: Commands): Promise<void> {
  for (const args of commands) {
    const { code, err } = await project.run(...args);
    expect([code, err]).toEqual([0, '']);
  }
}

/** Two branches with commands on each, merged as git does it. */
async function merged(
  mine: Commands,
  other: Commands,
  edits: { readonly mine?: Edit; readonly other?: Edit } = {},
  how: readonly string[] = [],
) {
  const project = await shop();
  const git = gitIn(project);
  await git('init', '-q', '-b', 'mine');
  await git('add', '.');
  await git('commit', '-qm', 'one');
  await git('checkout', '-qb', 'other');
  edits.other?.(project);
  await all(project, other);
  await git('add', '.');
  await git('commit', '-qm', 'two');
  await git('checkout', '-q', 'mine');
  edits.mine?.(project);
  await all(project, mine);
  await git('add', '.');
  await git('commit', '-qm', 'three');
  expect((await git('merge', ...how, 'other')).exitCode).toBe(1);
  return { project, git };
}

const review = ['add', 'resource', 'review', 'text:text:required', 'product:ref:products'];
const stock = ['add', 'field', 'product', 'stock:integer:min=0'];
const weight = ['add', 'field', 'product', 'weight:number', '--after', 'title'];
const author = ['add', 'resource', 'author', 'name:string:required'];
const note = ['add', 'field', 'category', 'note:string', '--yes'];

/** The project but for what undo keeps and git writes. */
function files({ root }: Project): Record<string, string> {
  const kept = /^(?:\.git|\.flask-style\/undo)(?:\/|$)/;
  return Object.fromEntries(Object.entries(snapshot(root)).filter(([file]) => !kept.test(file)));
}

test('branches with commands on both: adopt makes one project of them, and the next command goes on', async () => {
  const { project, git } = await merged([stock, author], [review]);
  expect(await project.run('apply')).toMatchObject({
    code: 4,
    err: 'error: .flask-style/state.json holds conflict markers (run adopt: it brings both sides together)\n',
  });
  // git stopped at the README as well, which somebody decides.
  const straight = await shop();
  await all(straight, [stock, author, review]);
  project.write('README.md', straight.read('README.md'));
  expect(await project.run('adopt')).toMatchObject({ code: 0, err: '' });
  await git('add', '.');
  await git('commit', '-qm', 'merged');
  expect(await project.run('apply', '--check')).toMatchObject({ code: 0, err: '' });

  for (const next of [[], [['add', 'resource', 'tag', 'name:string']]]) {
    await all(project, next);
    await all(straight, next);
    const [one, two] = [files(project), files(straight)];
    // As after the same commands in turn, to the last base.
    expect(Object.keys(one).sort()).toEqual(Object.keys(two).sort());
    for (const file of Object.keys(one)) expect(lines(one[file]), file).toEqual(lines(two[file]));
  }
});

test('what each branch knows of files that were moved and deleted is known after the merge', async () => {
  const { project, git } = await merged([stock], [review, note], {
    mine: ({ root }) => rmSync(join(root, 'README.md')),
    other: ({ root }) => {
      mkdirSync(join(root, 'lib'));
      renameSync(join(root, 'app/models/category.ts'), join(root, 'lib/category.ts'));
    },
  });
  await git('rm', '-q', 'README.md');
  expect(await project.run('adopt')).toMatchObject({ code: 0, err: '' });
  const { out } = await project.run('status');
  expect(out).toMatch(/deleted {2}README.md\n/);
  expect(out).toContain('moved  app/models/category.ts -> lib/category.ts');
  await git('add', '.');
  await git('commit', '-qm', 'merged');
  await all(project, [['add', 'field', 'category', 'more:integer']]);
  expect(project.read('lib/category.ts')).toMatch(/note: .*\n.*more: /);
});

test.each([
  ['ours', 'HEAD'],
  ['theirs', 'MERGE_HEAD'],
])('git merge -X %s: the state is of no side, and adopt makes one of it', async (side, head) => {
  const { project, git } = await merged([stock, author], [review, weight], {}, ['-X', side]);
  // One side of this file is taken whole.
  await git('checkout', head, '--', 'app/models/product.ts');
  expect((await project.run('status')).err).toContain('run adopt');
  const adopted = await project.run('adopt');
  expect(adopted).toMatchObject({ code: 0, err: '' });
  expect(adopted.out).toContain(
    'note: app/models/product.ts lacks what the other branch brought: apply adds it\n',
  );
  await git('add', '.');
  await git('commit', '-qm', 'merged');
  expect(await project.run('apply')).toMatchObject({ code: 0, err: '' });
  expect(await project.run('apply', '--check')).toMatchObject({ code: 0, err: '' });
  expect(project.read('app/models/product.ts')).toMatch(/title: .*\n.*weight: [^]*stock: /);
  const readme = project.read('README.md');
  for (const name of ['author', 'review', 'product'])
    expect(readme).toContain(`app/models/${name}.ts`);
});

test('the state of a side that is taken whole: apply brings in what the other one has', async () => {
  const { project, git } = await merged([stock, author], [review]);
  await git('checkout', '--ours', '.flask-style/state.json', 'README.md');
  await git('add', '.');
  await git('commit', '-qm', 'merged');
  expect(await project.run('apply')).toMatchObject({ code: 0, err: '' });
  expect(await project.run('apply', '--check')).toMatchObject({ code: 0, err: '' });
  expect(project.read('README.md')).toContain('app/models/review.ts');
});

test('a dirty tree is fine, the index of git is not touched, and what git ignores is changed and undone like anything else', async () => {
  const project = await shop();
  const git = gitIn(project);
  await git('init', '-q');
  project.write('.gitignore', `${project.read('.gitignore')}tests/products.test.ts\n`);
  await git('add', '.');
  await git('commit', '-qm', 'one');
  project.write(
    'app/services/products.ts',
    `${project.read('app/services/products.ts')}// staged\n`,
  );
  await git('add', 'app/services/products.ts');
  project.write('app/services/products.ts', `${project.read('app/services/products.ts')}// not\n`);
  const [index, before] = [readFileSync(join(project.root, '.git/index')), files(project)];
  await all(project, [['rename', 'resource', 'product', 'article']]);
  expect(project.read('app/services/articles.ts')).toMatch(/\/\/ staged\n\/\/ not\n$/);
  expect(project.read('tests/articles.test.ts')).toContain('article');
  await all(project, [['undo']]);
  expect(files(project)).toEqual(before);
  expect(readFileSync(join(project.root, '.git/index')).equals(index)).toBe(true);
});

/** Lines in any order, without the commas that it decides. */
function lines(text = ''): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/,$/, ''))
    .sort();
}
