import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { replaceIn } from '../../replace-in.ts';

/** A command that is run in a project that somebody has edited. */
export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  /** Commands that are run before the edit. */
  readonly before?: readonly (readonly string[])[];
  /** Done behind the edit, as a part of what is asked for. */
  readonly prepare?: (root: string) => void;
  /** It is run by a later version of the tool. */
  readonly later?: true;
}

const subtitle = ['add', 'field', 'book', 'subtitle:string:maxLength=200', '--after', 'title'];
const review = ['add', 'resource', 'review', 'text:text:required', 'book:ref:books'];

/** A field in the spec, written by hand. */
function withYear(root: string): void {
  const file = path.join(root, 'flask-style.json');
  const text = readFileSync(file, 'utf8');
  const place = ['resources', 'book', 'fields', 'year'];
  const formattingOptions = {
    insertSpaces: !text.includes('\n\t'),
    tabSize: 2,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  writeFileSync(
    file,
    applyEdits(text, modify(text, place, { type: 'integer' }, { formattingOptions })),
  );
}

export const commands: readonly Command[] = [
  { name: 'add resource', args: review },
  { name: 'add field', args: subtitle },
  {
    name: 'add fields at the end',
    args: ['add', 'field', 'book', 'lastOne:boolean', 'last:integer'],
  },
  { name: 'add page', args: ['add', 'page', 'about'] },
  { name: 'add webhook', args: ['add', 'webhook', 'shipments', '--scheme', 'github'] },
  { name: 'add automation', args: ['add', 'automation', 'digest'] },
  { name: 'rename resource', args: ['rename', 'resource', 'book', 'volume'] },
  { name: 'rename field', args: ['rename', 'field', 'book', 'title', 'heading'] },
  { name: 'remove resource', args: ['remove', 'resource', 'order'] },
  { name: 'remove field', args: ['remove', 'field', 'book', 'isbn'] },
  { name: 'apply', args: ['apply'], prepare: withYear },
  { name: 'update', args: ['update'], later: true },
  { name: 'undo', args: ['undo'], before: [review] },
  { name: 'redo', args: ['redo'], before: [subtitle, ['undo']] },
];

/** What a later version has otherwise: lines of every layer of a resource, a constant, and the versions of packages. */
export function changeTemplates(folder: string): void {
  const change = (file: string, from: string, to: string): void =>
    replaceIn(path.join(folder, file), from, to);
  change('resource/app/services/{{pluralFile}}.ts.hbs', '`beforeRead`.', '`beforeRead`, one each.');
  change(
    'resource/app/models/{{singularFile}}.ts.hbs',
    'model, type Stored }',
    'model, type Stored as Kept }',
  );
  change('resource/app/models/{{singularFile}}.ts.hbs', '= Stored<', '= Kept<');
  change(
    'resource/app/routes/{{pluralFile}}.ts.hbs',
    "    .put('/:id'",
    "    // All of it.\n    .put('/:id'",
  );
  change(
    'resource/tests/{{pluralFile}}.test.ts.hbs',
    'one case per promise',
    'a case for each promise',
  );
  change('project/README.md.hbs', 'The lines below run', 'What stands below runs');
  change('project/app/core/context.ts', 'maxPageSize: 100,', 'maxPageSize: 50,');
  change('project/package.json', '"zod": "4.6.7"', '"zod": "4.7.0"');
}
