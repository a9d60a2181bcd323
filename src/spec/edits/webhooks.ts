import { checkSpec } from '../check.ts';
import { refuse } from '../parse.ts';
import type { Spec, WebhookSpec } from '../schema.ts';
import { addNamed, removeNamed } from './named.ts';

const what = 'webhook';

/**
 * The spec with one inbound webhook more; the same spec when it has the very same one already.
 *
 * @param typed its name in any case: `ciSystem` and `CI system` are `ci-system`
 * @throws UserError for what is no name, and when another webhook has it
 */
export function addWebhook(spec: Spec, typed: string, own: WebhookSpec): Spec {
  const before = spec.webhooks ?? {};
  const webhooks = addNamed(before, what, typed, own);
  if (webhooks === before) return spec;
  const next: Spec = { ...spec, webhooks };
  refuse(checkSpec(next));
  return next;
}

/** The spec without an inbound webhook. @throws UserError when there is none of that name */
export function removeWebhook(spec: Spec, typed: string): Spec {
  const { webhooks = {}, ...rest } = spec;
  const left = removeNamed(webhooks, what, typed);
  return left === undefined ? rest : { ...rest, webhooks: left };
}
