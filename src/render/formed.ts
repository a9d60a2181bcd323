import { inForm } from './form.ts';
import { format } from './format.ts';
import { ready } from './ready.ts';
import type { Form } from './types.ts';

/**
 * A source in another form, laid out; only one that {@link keepsLayout} is left as its lines are.
 *
 * @param path where it goes: its ending says what it is
 * @throws {TypeError} for syntax of TypeScript that is more than types
 */
export async function formed(path: string, text: string, form: Form): Promise<string> {
  const known = ready.get(text)?.get(nameOf(form));
  if (known !== undefined) return known;
  const own = inForm(text, form);
  return keepsLayout(form) ? own : format(path, own);
}

/** Whether every line stays as long as it is: without its types, or with a shorter path, what stood on three fits on one. */
export function keepsLayout({ to, imports }: Form): boolean {
  return to === 'typescript' && imports.length === '.ts'.length;
}

/** Under what a form stands in `ready.ts`. */
export function nameOf({ to, imports }: Form): string {
  return `${to} ${imports}`;
}
