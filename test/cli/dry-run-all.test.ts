import { execFileSync } from 'node:child_process';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { projectAt, shop, type Project } from './project.ts';
import { scratch, snapshot } from './tool.ts';

vi.setConfig({ testTimeout: 600_000 });

/** The bytes and the permissions of every file, but for what a patch cannot say: folders, secrets, and what undo keeps. */
function files({ root }: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(snapshot(root)).filter(
      ([path, row]) =>
        !row.endsWith(' /') && path !== '.env' && !/^\.flask-style\/(undo|tx|tmp)\//.test(path),
    ),
  );
}

interface Step {
  readonly args: readonly string[];
  /** What the user does first. */
  readonly edit?: (project: Project) => unknown;
  /** 2 where markers are written. */
  readonly code?: number;
}

const odd = 'app/services/my né  wönders.ts';

const steps: readonly Step[] = [
  { args: ['add', 'resource', 'book', 'title:string:required', 'pages:integer'] },
  {
    // Line ends of another system, no line end at all, nothing at all.
    edit: ({ root, read, write }) => {
      write('app/models/book.ts', read('app/models/book.ts').replaceAll('\n', '\r\n'));
      write('openapi.json', read('openapi.json').trimEnd());
      write('tests/books.test.ts', '');
      renameSync(join(root, 'app/services/books.ts'), join(root, odd));
    },
    args: ['add', 'field', 'book', 'isbn:string', '--decide', `app/services/books.ts=moved:${odd}`],
  },
  { args: ['rename', 'field', 'book', 'pages', 'length'] },
  { args: ['rename', 'resource', 'book', 'volume', '--decide', 'tests/books.test.ts=ours'] },
  { args: ['undo'] },
  { args: ['redo'] },
  { args: ['undo'] },
  {
    args: ['remove', 'resource', 'book', '--decide', 'tests/books.test.ts=delete'],
  },
  { args: ['undo'] },
  { args: ['add', 'page', 'about'] },
  { args: ['add', 'webhook', 'hub', '--scheme', 'github'] },
  { args: ['add', 'automation', 'report', '--every', '1d'] },
  { args: ['add', 'feature', 'forms'] },
  { args: ['remove', 'feature', 'forms'] },
  { args: ['remove', 'webhook', 'hub'] },
  {
    edit: ({ edit }) => {
      edit('flask-style.json', '"pages": [', '// by hand\n  "pages": [\n    "terms",');
    },
    args: ['apply'],
  },
  {
    edit: ({ edit }) => {
      edit('app/models/product.ts', 'min: 0', 'min: 7');
    },
    args: ['remove', 'field', 'product', 'price', '--conflicts', 'markers'],
    code: 2,
  },
  {
    edit: ({ read, write }) => {
      const text = read('app/models/product.ts');
      write('app/models/product.ts', text.replace(/^<{7}[^]*?^>{7}.*\n/gm, '    // decided\n'));
    },
    args: ['resolve'],
  },
  {
    edit: ({ root }) => {
      rmSync(join(root, '.flask-style/state.json'));
    },
    args: ['adopt'],
  },
  {
    args: ['undo'],
    edit: ({ root }) => rmSync(join(root, '.flask-style/base'), { recursive: true }),
  },
  { args: ['adopt'] },
  { args: ['eject'] },
];

test('every command: git applies the patch of --dry-run, and that is what is written; --plan takes its hash', async () => {
  const project = await shop();
  for (const { args, edit, code = 0 } of steps) {
    edit?.(project);
    const name = args.join(' ');
    const before = files(project);
    const dry = await project.run(...args, '--dry-run');
    expect([dry.code, dry.err], name).toEqual([0, '']);
    const told = await project.run(...args, '--dry-run', '--json');
    expect(files(project), name).toEqual(before);
    const { plan } = JSON.parse(told.out) as { plan: string };
    const copy = projectAt(join(scratch(), 'copy'));
    cpSync(project.root, copy.root, { recursive: true });
    const patch = /^diff --git/m.exec(dry.out) !== null;
    if (patch)
      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
        cwd: copy.root,
        input: dry.out,
        env: { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: join(copy.root, '..') },
      });
    const real = await project.run(...args, '--plan', plan);
    expect(real.code, name + real.err).toBe(code);
    expect(patch, name).toBe(true);
    expect(files(copy), name).toEqual(files(project));
  }
});
