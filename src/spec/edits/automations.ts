import { exit, UserError } from '../../errors.ts';
import { checkSpec } from '../check.ts';
import { kebabName, quote } from '../names.ts';
import { didYouMean } from '../nearest.ts';
import { refuse } from '../parse.ts';
import type { AutomationSpec, Spec } from '../schema.ts';

/**
 * The spec with one automation more; the same spec when it has the very same one already.
 *
 * @param typed its name in any case: `nightlyReport` and `nightly report` are `nightly-report`
 * @throws UserError for what is no name, and when another automation has it
 */
export function addAutomation(spec: Spec, typed: string, own: AutomationSpec = {}): Spec {
  const name = kebabName(typed);
  const there = spec.automations?.[name];
  if (there !== undefined) {
    if (there.every === own.every && there.description === own.description) return spec;
    throw new UserError(
      exit.usage,
      `there is an automation ${name} already, with another interval or description`,
      'edit flask-style.json and run apply',
    );
  }
  const next: Spec = { ...spec, automations: { ...spec.automations, [name]: own } };
  refuse(checkSpec(next));
  return next;
}

/** The spec without an automation. @throws UserError when there is none of that name */
export function removeAutomation(spec: Spec, typed: string): Spec {
  const name = kebabName(typed);
  const { [name]: gone, ...automations } = spec.automations ?? {};
  if (gone === undefined)
    throw new UserError(
      exit.usage,
      `there is no automation ${quote(name)}`,
      didYouMean(name, Object.keys(automations)),
    );
  const { automations: _all, ...rest } = spec;
  return Object.keys(automations).length === 0 ? rest : { ...rest, automations };
}
