import { addWebhook, removeWebhook } from '../../spec/edits/webhooks.ts';
import { changeSpec } from '../change/spec.ts';
import type { Run } from '../run.ts';

/** `add webhook <name> [--scheme github|standard]`. */
export async function addOneWebhook(run: Run): Promise<number> {
  const scheme = run.invocation.given.get('scheme') === 'github' ? 'github' : 'standard';
  return changeSpec(run, (spec, name) => addWebhook(spec, name, { scheme }));
}

/** `remove webhook <name>`. */
export async function removeOneWebhook(run: Run): Promise<number> {
  return changeSpec(run, removeWebhook);
}
