import { exit, UserError } from '../../errors.ts';
import { checkSpec } from '../check.ts';
import { quote } from '../names.ts';
import { nearest } from '../nearest.ts';
import { pageName } from '../page-names.ts';
import { refuse } from '../parse.ts';
import type { Spec } from '../schema.ts';

/** The spec with one page more, at the end; the same spec when it has it already. Throws a UserError for a bad name. */
export function addPage(spec: Spec, typed: string): Spec {
  if (spec.beside !== undefined) refuse(checkSpec({ ...spec, pages: [typed] }));
  if (spec.pages === false)
    throw new UserError(exit.usage, 'this project has no pages', 'add feature pages first');
  const name = pageName(typed);
  const pages = pagesOf(spec);
  if (pages.includes(name)) return spec;
  // A name without a letter that counts keeps what was typed, so that the refusal shows it.
  const next: Spec = { ...spec, pages: [...pages, name === '' ? typed : name] };
  refuse(checkSpec(next));
  return next;
}

/** The spec without a page. Throws a UserError when there is none of that name; the welcome page cannot go. */
export function removePage(spec: Spec, typed: string): Spec {
  const name = pageName(typed);
  const pages = pagesOf(spec);
  if (!pages.includes(name)) {
    const near = nearest(name, pages);
    const all = pages.length === 0 ? 'there is none to remove' : `there are: ${pages.join(', ')}`;
    throw new UserError(
      exit.usage,
      `there is no page ${quote(typed)}`,
      near === undefined ? all : `did you mean ${near}?`,
    );
  }
  const left = pages.filter((page) => page !== name);
  return { ...spec, pages: left.length === 0 ? true : left };
}

function pagesOf({ pages }: Spec): readonly string[] {
  return typeof pages === 'boolean' ? [] : pages;
}
