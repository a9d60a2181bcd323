import { utf8Text } from '../utf8.ts';
import { format } from './format.ts';
import { Fragment } from './fragment.ts';
import { createFiller } from './handlebars.ts';
import type { Filler } from './handlebars.ts';
import { isLaidOut } from './stable.ts';
import type { EmittedFile, FileOp, Form, Plan, Tree } from './types.ts';

export type { EmittedFile, MergePolicy, Tree } from './types.ts';

/**
 * Makes the files of a plan: the same plan gives the same bytes on every machine.
 * @throws {Error} when a template does not fit its view, or gives text that does not parse
 */
export async function render(plan: Plan): Promise<Tree> {
  const filler = createFiller();
  const files: [path: string, file: EmittedFile][] = [];
  for (const op of plan) {
    const { path, merge, mode, owner } = op;
    files.push([path, { content: await contentOf(op, filler), merge, mode, owner }]);
  }
  // By code unit: the order of a locale differs between machines.
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function contentOf(op: FileOp, filler: Filler): Promise<Uint8Array> {
  const { template, form } = op;
  const copied = !(template instanceof Fragment) && !template.holes && form === undefined;
  return copied ? template.content : Buffer.from(await textOf(op, filler), 'utf8');
}

async function textOf({ path, template, view, form }: FileOp, filler: Filler): Promise<string> {
  if (template instanceof Fragment) return inStyle(path, `${template.toString()}\n`);
  const text = template.holes
    ? await filler.fill(template.source, view)
    : utf8Text(template.content);
  const own = form === undefined ? text : await formed(text, form);
  if (form !== undefined && !keepsLayout(form)) return format(path, own);
  if (!template.holes) return own;
  return template.overridden ? format(path, own) : inStyle(path, own);
}

async function formed(text: string, form: Form): Promise<string> {
  // Loaded late: only projects that were not made by us need it.
  const { inForm } = await import('./form.ts');
  return inForm(text, form);
}

/** Whether every line stays as long as it is: without its types, or with a shorter path, what stood on three fits on one. */
function keepsLayout({ to, imports }: Form): boolean {
  return to === 'typescript' && imports.length === '.ts'.length;
}

/** Text of our own, formatted where the writers could not lay it out. */
async function inStyle(path: string, text: string): Promise<string> {
  return isLaidOut(path, text) ? text : format(path, text);
}
