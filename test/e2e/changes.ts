/**
 * A project that is changed by commands still passes everything a new one does: after each command it is type-checked,
 * its layout and its contract are checked, and in the end its linter, its own tests and the migrations of the renames
 * run.
 */
import path from 'node:path';
import { replaceIn } from '../replace-in.ts';
import { emit, inTemporaryFolder, repository, run } from './support.ts';

/** What is run, and an edit of the user before it. */
interface Turn {
  readonly args: readonly string[];
  readonly edit?: readonly [file: string, from: string, to: string];
}

const turns: readonly Turn[] = [
  {
    args: [
      'add',
      'resource',
      'review',
      'text:text:required',
      'stars:integer:min=1:max=5',
      'book:ref:books:required',
    ],
  },
  {
    edit: [
      'app/services/books.ts',
      ' crud(context, book);',
      "\n  crud(context, book, {\n    beforeWrite: (document) => {\n      if (document.title === '?') document.title = 'Untitled';\n    },\n  });",
    ],
    args: [
      'add',
      'field',
      'book',
      'subtitle:string:maxLength=200',
      'pages:integer:min=1',
      '--after',
      'title',
    ],
  },
  { args: ['rename', 'field', 'book', 'title', 'name'] },
  { args: ['rename', 'field', 'order', 'items.quantity', 'count'] },
  { args: ['rename', 'resource', 'book', 'volume'] },
  { args: ['remove', 'field', 'volume', 'subtitle'] },
  { args: ['remove', 'resource', 'reviews'] },
  { args: ['undo'] },
  { args: ['redo'] },
];

const binary = (name: string) => path.join(repository, 'node_modules/.bin', name);

await inTemporaryFolder(async (folder) => {
  // What one command left alone is not looked at again after the next.
  const types = ['--incremental', '--tsBuildInfoFile', path.join(folder, 'types.json')];
  const layout = ['--cache', '--cache-location', path.join(folder, 'layout.json')];
  const shop = await emit(folder, 'shop', ['example', 'bookshop', 'shop']);
  const tool = (args: readonly string[]) =>
    run(shop, binary('tsx'), [path.join(repository, 'src/cli/index.ts'), ...args]);
  for (const { args, edit } of turns) {
    console.log(`\n--- ${args.join(' ')}`);
    if (edit !== undefined) replaceIn(path.join(shop, edit[0]), edit[1], edit[2]);
    await tool(args);
    await run(shop, binary('tsc'), ['--noEmit', ...types]);
    await run(shop, binary('prettier'), ['--check', ...layout, '--log-level', 'warn', '.']);
    await run(shop, binary('tsx'), ['dev/contract.ts', 'check']);
  }
  console.log('\n--- its own checks');
  await run(shop, binary('eslint'), ['.', '--max-warnings', '0']);
  await run(shop, binary('vitest'), ['run']);
  await run(shop, binary('tsx'), ['dev/start.ts', 'db:migrate']);
});
