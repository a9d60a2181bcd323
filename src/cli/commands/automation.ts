import { addAutomation, removeAutomation } from '../../spec/edits/automations.ts';
import { changeSpec } from '../change/spec.ts';
import type { Run } from '../run.ts';

/** `add automation <name> [--every <interval>]`. */
export async function addOneAutomation(run: Run): Promise<number> {
  const every = run.invocation.given.get('every');
  const own = typeof every === 'string' ? { every } : {};
  return changeSpec(run, (spec, name) => addAutomation(spec, name, own));
}

/** `remove automation <name>`. */
export async function removeOneAutomation(run: Run): Promise<number> {
  return changeSpec(run, removeAutomation);
}
