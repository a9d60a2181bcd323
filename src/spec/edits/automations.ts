import { checkSpec } from '../check.ts';
import { refuse } from '../parse.ts';
import type { AutomationSpec, Spec } from '../schema.ts';
import { addNamed, removeNamed } from './named.ts';

const what = 'automation';

/**
 * The spec with one automation more; the same spec when it has the very same one already.
 *
 * @param typed its name in any case: `nightlyReport` and `nightly report` are `nightly-report`
 * @throws UserError for what is no name, and when another automation has it
 */
export function addAutomation(spec: Spec, typed: string, own: AutomationSpec = {}): Spec {
  const before = spec.automations ?? {};
  const automations = addNamed(before, what, typed, own);
  if (automations === before) return spec;
  const next: Spec = { ...spec, automations };
  refuse(checkSpec(next));
  return next;
}

/** The spec without an automation. @throws UserError when there is none of that name */
export function removeAutomation(spec: Spec, typed: string): Spec {
  const { automations = {}, ...rest } = spec;
  const left = removeNamed(automations, what, typed);
  return left === undefined ? rest : { ...rest, automations: left };
}
