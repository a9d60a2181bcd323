import { bytesOf } from '../apply/hash.ts';
import type { Item, Outcome } from '../apply/reconcile/index.ts';
import { exit, UserError } from '../errors.ts';
import { specDocument } from '../plan/spec-file.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { utf8Text } from '../utf8.ts';

export const specPath = 'flask-style.json';

/** Whether two specs mean the same project; the order of their resources and fields counts. */
export function sameSpec(a: Spec, b: Spec): boolean {
  return JSON.stringify(specDocument(a)) === JSON.stringify(specDocument(b));
}

/**
 * Reads the merged spec once more: what is written must mean what was planned. Where it is written as it was rendered there
 * was nothing to merge, and nothing is read.
 * @throws UserError 3 when it does not
 */
export function refuseOtherSpec({ theirs }: Item, { changes }: Outcome, spec: Spec): void {
  const change = changes.find(({ path, kind }) => path === specPath && kind === 'update');
  if (change?.after === undefined) return;
  if (theirs !== undefined && Buffer.compare(change.after, bytesOf(theirs.content)) === 0) return;
  const merged = parseSpec(utf8Text(change.after), specPath);
  if (sameSpec(merged, spec)) return;
  throw new UserError(
    exit.conflict,
    `${specPath} as merged would not say what was asked for`,
    'make the change in it by hand, then run apply',
  );
}
