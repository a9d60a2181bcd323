import { isDeepStrictEqual } from 'node:util';
import { exit, UserError } from '../../errors.ts';
import { kebabName, quote } from '../names.ts';
import { didYouMean } from '../nearest.ts';

/** Things of one kind that a spec lists under names in kebab-case. */
type Named<Own> = Readonly<Record<string, Own>>;

/**
 * The list with one more; the same list when it has the very same one already.
 *
 * @param what they are, in the singular
 * @param typed the name in any case: `nightlyReport` and `nightly report` are `nightly-report`
 * @throws UserError for what is no name, and when another one has it
 */
export function addNamed<Own>(all: Named<Own>, what: string, typed: string, own: Own): Named<Own> {
  const name = kebabName(typed);
  const there = Object.hasOwn(all, name) ? all[name] : undefined;
  if (there === undefined) return { ...all, [name]: own };
  if (isDeepStrictEqual(there, own)) return all;
  throw new UserError(
    exit.usage,
    `there is already ${what} ${name}, which is not the same`,
    'edit flask-style.json and run apply',
  );
}

/** The list without one; undefined when nothing is left. @throws UserError when there is none of that name */
export function removeNamed<Own>(
  all: Named<Own>,
  what: string,
  typed: string,
): Record<string, Own> | undefined {
  const name = kebabName(typed);
  const names = Object.keys(all);
  if (!names.includes(name))
    throw new UserError(
      exit.usage,
      `there is no ${what} ${quote(name)}`,
      names.length === 0 ? undefined : didYouMean(name, names),
    );
  const left = Object.entries(all).filter(([other]) => other !== name);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}
