/** The example with hand-written files: they are its user's own, and live on through what later versions emit. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { examples } from '../../src/project/examples.ts';
import { laterTool } from './later.ts';
import { projectAt, type Project } from './project.ts';
import { node, packageRoot, scratch, tool } from './tool.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

const emitted = async (): Promise<Project> => {
  const cwd = scratch();
  const args = ['example', 'course', '--no-install', '--no-git'];
  const { code, err } = await tool(args, { cwd, timeout: 60_000 });
  expect([code, err]).toEqual([0, '']);
  return projectAt(join(cwd, 'course'));
};

const handWritten = async (): Promise<ReadonlyMap<string, string>> => {
  const course = (await examples(packageRoot)).find(({ name }) => name === 'course');
  const files = [...(course?.own ?? [])];
  return new Map(files.map(([path, content]) => [path, Buffer.from(content).toString('utf8')]));
};

interface Told {
  readonly rows: readonly { readonly path: string; readonly status: string }[];
  readonly own: readonly { readonly path: string; readonly files?: number }[];
}

/** What `status` says of files, in one list. */
const told = async (project: Project): Promise<string[]> => {
  const { rows, own } = JSON.parse((await project.run('status', '--json')).out) as Told;
  return [
    ...rows.map(({ path, status }) => `${status} ${path}`),
    ...own.map(({ path }) => `own ${path}`),
  ];
};

test('status shows every hand-written file as the user’s own: beside emitted ones, or an edit of one', async () => {
  const project = await emitted();
  const files = await handWritten();
  expect(files.size).toBeGreaterThan(10);
  const rows = await told(project);
  expect(rows.map((row) => row.slice(row.indexOf(' ') + 1)).sort()).toEqual(
    [...files.keys()].sort(),
  );
  expect(rows).toEqual(
    expect.arrayContaining([
      'edited app/routes/index.ts',
      'edited app/templates/profile.html',
      'own app/routes/hello.ts',
      'own app/services/users.ts',
      'own tests/course.test.ts',
    ]),
  );
  // A folder of one's own is one line; what git ignores or a package manager writes is nobody's.
  project.write('app/billing/rates/table.ts', 'export {};\n');
  project.write('app/billing/index.ts', 'export {};\n');
  project.write('.env', 'X=1\n');
  project.write('package-lock.json', '{}\n');
  const { out } = await project.run('status');
  expect(out).toContain('own  app/billing/ (2 files)\n');
  expect(out).not.toMatch(/own .*(?:\.env|package-lock\.json|node_modules|\.flask-style)/);
});

test('update takes a later version in, add a resource, and the hand-written code answers as before', async () => {
  const project = await emitted();
  const files = await handWritten();
  const later = await laterTool();
  const update = await node([later, 'update'], { cwd: project.root, timeout: 120_000 });
  expect([update.code, update.err]).toEqual([0, '']);
  // Lines of the later version, in files that are emitted and in one that was edited.
  expect(project.read('app/core/context.ts')).toContain('bulkItems: 2,');
  expect(project.read('app/services/lessons.ts')).toContain('the later version says so');
  for (const [path, text] of files)
    if (path !== 'README.md') expect(project.read(path), path).toBe(text);
  const readme = new Set(project.read('README.md').split('\n'));
  for (const line of (files.get('README.md') ?? '').split('\n')) expect(readme).toContain(line);

  // The lists that both write hold what both wrote.
  const words = ['add', 'resource', 'teacher', 'name:string:required'];
  const more = await node([later, ...words], { cwd: project.root, timeout: 120_000 });
  expect([more.code, more.err]).toEqual([0, '']);
  const registry = project.read('app/routes/index.ts').split('\n');
  expect(registry).toEqual(
    expect.arrayContaining([...(files.get('app/routes/index.ts') ?? '').split('\n')]),
  );
  expect(registry).toContain('  teacherRoutes,');

  const modules = join(packageRoot, 'node_modules');
  symlinkSync(modules, join(project.root, 'node_modules'));
  const run = (program: string, ...args: string[]) =>
    node([join(modules, program), ...args], { cwd: project.root, timeout: 200_000 });
  const compiled = await run('typescript/bin/tsc', '--noEmit');
  expect([compiled.code, compiled.out]).toEqual([0, '']);
  const answers = await run('vitest/vitest.mjs', 'run', 'tests/course.test.ts');
  expect(answers.code, answers.out + answers.err).toBe(0);
});
