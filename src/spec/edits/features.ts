import { exit, UserError } from '../../errors.ts';
import { checkSpec } from '../check.ts';
import { switchNames } from '../features.ts';
import { quote } from '../names.ts';
import { didYouMean } from '../nearest.ts';
import { refuse } from '../parse.ts';
import type { Spec } from '../schema.ts';

/**
 * The spec with one feature more, at the end; the same spec when it has it already.
 *
 * @param typed one of {@link switchNames}, in any case
 * @throws UserError for another word, when the feature needs one that is not there, and when a resource is in its way
 */
export function addFeature(spec: Spec, typed: string): Spec {
  const name = featureNamed(typed);
  if (has(spec, name)) return spec;
  if (name === 'forms' && spec.pages === false && spec.beside === undefined)
    throw new UserError(exit.usage, 'forms need the pages', 'add feature pages first');
  const next: Spec =
    name === 'pages' ? { ...spec, pages: true } : { ...spec, features: [...spec.features, name] };
  refuse(checkSpec(next));
  return next;
}

/**
 * The spec without a feature. Forms that a resource asks for by itself stay: {@link ownForms} names them.
 *
 * @throws UserError when it is not there, or something that is there needs it
 */
export function removeFeature(spec: Spec, typed: string): Spec {
  const name = featureNamed(typed);
  if (!has(spec, name)) throw notThere(spec, name);
  if (name !== 'pages')
    return { ...spec, features: spec.features.filter((feature) => feature !== name) };
  refuseInUse(spec);
  return { ...spec, pages: false };
}

/** The resources that have forms because they say so themselves, whatever `features` says. */
export function ownForms({ resources }: Spec): readonly string[] {
  return Object.entries(resources).flatMap(([key, { forms }]) => (forms === true ? [key] : []));
}

/** What else stands on the pages: it has to go first, because it may hold work of the user. */
function refuseInUse(spec: Spec): void {
  const [own] = ownForms(spec);
  if (has(spec, 'forms'))
    throw new UserError(exit.usage, 'forms need the pages', 'remove feature forms first');
  if (own !== undefined)
    throw new UserError(exit.usage, `the forms of ${own} need the pages`, wayOutOf(own));
  if (typeof spec.pages === 'boolean') return;
  const [page = ''] = spec.pages;
  throw new UserError(
    exit.usage,
    `these pages would go as well: ${spec.pages.join(', ')}`,
    `remove page ${page} first`,
  );
}

function notThere(spec: Spec, name: string): UserError {
  const own = ownForms(spec);
  if (name === 'forms' && own.length > 0)
    return new UserError(
      exit.usage,
      `the forms of ${own.join(', ')} are no feature of the project`,
      wayOutOf(own[0] ?? ''),
    );
  const there = switchNames.filter((one) => has(spec, one));
  return new UserError(
    exit.usage,
    `this project has no feature ${name}`,
    there.length === 0 ? 'it has none' : `it has: ${there.join(', ')}`,
  );
}

function wayOutOf(resource: string): string {
  return `take "forms" out of ${resource} in flask-style.json and run apply`;
}

function featureNamed(typed: string): string {
  const name = typed.toLowerCase();
  if (switchNames.includes(name)) return name;
  throw new UserError(
    exit.usage,
    `there is no feature ${quote(typed)}`,
    didYouMean(name, switchNames),
  );
}

function has({ pages, features }: Spec, name: string): boolean {
  return name === 'pages' ? pages !== false : features.includes(name);
}
