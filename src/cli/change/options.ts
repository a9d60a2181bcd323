import type { ConflictMode, Decision } from '../../apply/reconcile/index.ts';
import { exit, UserError } from '../../errors.ts';
import { quote } from '../../spec/names.ts';
import { didYouMean } from '../../spec/nearest.ts';
import type { Invocation } from '../argv.ts';

/** How a command that changes a project was asked to do it. */
export interface ChangeOptions {
  readonly conflicts: ConflictMode;
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The hash of the plan that was agreed to. */
  readonly plan: string | undefined;
  readonly check: boolean;
  readonly dryRun: boolean;
  readonly waitMs: number;
  readonly takeMoves: boolean;
}

const modes = ['abort', 'markers', 'ours', 'ask'] as const satisfies readonly ConflictMode[];
const decisions = ['ours', 'theirs', 'delete', 'restore'] as const;

/** Reads the options that every changing command takes; throws a UserError for a value that means nothing. */
export function changeOptions({ given, repeated }: Invocation): ChangeOptions {
  const wanted = given.get('conflicts');
  const plan = given.get('plan');
  return {
    conflicts: modes.find((mode) => mode === wanted) ?? 'abort',
    decisions: new Map((repeated.get('decide') ?? []).map(decisionOf)),
    plan: typeof plan === 'string' ? plan : undefined,
    check: given.has('check'),
    dryRun: given.has('dry-run'),
    waitMs: secondsOf(given.get('wait')) * 1000,
    takeMoves: given.has('yes'),
  };
}

function decisionOf(text: string): [path: string, decision: Decision] {
  // A path may hold the sign as well; what is decided never does, but for the place of a move.
  const at = text.includes('=moved:') ? text.indexOf('=moved:') : text.lastIndexOf('=');
  const path = text.slice(0, Math.max(at, 0)).replace(/^\.\//, '');
  const what = text.slice(at + 1);
  const known = decisions.find((decision) => decision === what);
  if (path === '' || at === -1)
    throw new UserError(
      exit.usage,
      `--decide ${quote(text)} says nothing about a path`,
      'write --decide app/services/products.ts=ours',
    );
  if (known !== undefined) return [path, known];
  if (what.startsWith('moved:') && what.length > 'moved:'.length)
    return [path, `moved:${what.slice('moved:'.length)}`];
  throw new UserError(
    exit.usage,
    `--decide cannot be ${quote(what)}`,
    didYouMean(what, [...decisions, 'moved:<new path>']),
  );
}

function secondsOf(wait: string | boolean | undefined): number {
  if (typeof wait !== 'string') return 10;
  if (!/^\d{1,5}$/.test(wait))
    throw new UserError(exit.usage, `--wait ${quote(wait)} is no number of seconds`, '--wait 30');
  return Number(wait);
}
