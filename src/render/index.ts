import { utf8Text } from '../utf8.ts';
import { format } from './format.ts';
import { Fragment } from './fragment.ts';
import { createFiller } from './handlebars.ts';
import type { Filler } from './handlebars.ts';
import { isLaidOut } from './stable.ts';
import type { EmittedFile, FileOp, Plan, Template, Tree } from './types.ts';

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
  if (form === undefined) return laidOut(path, text, template);
  // Loaded late: only projects that were not made by us need it.
  const { formed, keepsLayout } = await import('./formed.ts');
  const own = await formed(path, text, form);
  return keepsLayout(form) ? laidOut(path, own, template) : own;
}

/** What was filled, in our style; what was copied has it. */
async function laidOut(path: string, text: string, template: Template): Promise<string> {
  if (!template.holes) return text;
  return template.overridden ? format(path, text) : inStyle(path, text);
}

/** Text of our own, formatted where the writers could not lay it out. */
async function inStyle(path: string, text: string): Promise<string> {
  return isLaidOut(path, text) ? text : format(path, text);
}
