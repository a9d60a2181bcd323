/**
 * How large the tool and what it emits are, against the budgets of the design.
 *
 *   npm run build && npx tsx bench/size/run.ts [--check]    --check: exit 1 where something has grown beyond its limit
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { meets, table, type Row } from '../table.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A budget, and how much there may be until it is reached: that limit only ever falls. */
interface Budget extends Row {
  limit: number;
}

const filesOf = async (folder: string): Promise<string[]> => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
};

/** Lines of a file that are neither blank nor a comment. */
const codeLines = async (file: string): Promise<number> => {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !/^(\/\/|\/\*|\*)/.test(line)).length;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Packages and megabytes of what `npm install --omit=dev` brings. */
const installed = async (project: string) => {
  const flags = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  await execa('npm', ['install', ...flags], { cwd: project });
  const lock = await readFile(path.join(project, 'node_modules/.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(lock) as { packages: Record<string, unknown> };
  const { stdout } = await execa('du', ['-s', '--block-size=1', 'node_modules'], { cwd: project });
  return {
    packages: Object.keys(packages).length,
    megabytes: Number.parseInt(stdout) / 1e6,
  };
};

const folder = await mkdtemp(path.join(tmpdir(), 'flask-style-size-'));
try {
  const cli = path.join(root, 'bin/create-flask-style-api.js');
  const flags = ['--yes', '--no-install', '--no-git'];
  const resource = ['--resource', 'book', 'title:string:required'];
  await execa(process.execPath, [cli, 'shop', ...flags, ...resource], { cwd: folder });
  const project = path.join(folder, 'shop');
  const emitted = (await filesOf(project)).map((file) => path.relative(project, file));
  const core = emitted.filter((file) => file.startsWith('app/core/'));
  const lines = (files: readonly string[]) =>
    Promise.all(files.map((file) => codeLines(path.join(project, file))));
  const coreLines = await lines(core);
  const coreLengths = await Promise.all(
    core.map(async (file) => (await readFile(path.join(project, file), 'utf8')).split('\n').length),
  );
  const ownLines = await lines([
    'app/models/book.ts',
    'app/services/books.ts',
    'app/routes/books.ts',
  ]);
  const testLines = await lines(['tests/books.test.ts']);
  const production = await installed(project);
  const { dependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: object;
  };

  const budgets: Budget[] = [
    {
      what: 'direct dependencies of the tool',
      measured: Object.keys(dependencies).length,
      goal: 15,
      limit: 15,
      unit: '',
    },
    {
      what: 'files of a project with one resource',
      measured: emitted.filter((file) => !file.startsWith('.flask-style/')).length,
      goal: 70,
      limit: 166,
      unit: '',
    },
    { what: 'app/core', measured: sum(coreLines), goal: 1500, limit: 4520, unit: 'lines' },
    {
      what: 'largest file of app/core',
      measured: Math.max(...coreLengths) - 1,
      goal: 200,
      limit: 200,
      unit: 'lines',
    },
    {
      what: 'model, service and route of a resource',
      measured: sum(ownLines),
      goal: 60,
      limit: 60,
      unit: 'lines',
    },
    { what: 'test of a resource', measured: sum(testLines), goal: 40, limit: 40, unit: 'lines' },
    {
      what: 'packages in production',
      measured: production.packages,
      goal: 150,
      limit: 150,
      unit: '',
    },
    {
      what: 'node_modules in production',
      measured: production.megabytes,
      goal: 60,
      limit: 60,
      unit: 'MB',
    },
  ];
  console.log(table(budgets));
  const grown = budgets.filter((one) => !meets({ ...one, goal: one.limit }, 1));
  for (const { what, limit } of grown) console.log(`${what}: more than the ${limit} of its limit`);
  if (process.argv.includes('--check') && grown.length > 0) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
