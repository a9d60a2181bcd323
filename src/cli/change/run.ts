import { refuseTorn } from '../../apply/recover.ts';
import { transaction } from '../../apply/transaction.ts';
import type { Ask, ConflictMode, Decision } from '../../apply/reconcile/index.ts';
import { exit, UserError } from '../../errors.ts';
import { folderInRepository } from '../../project/git.ts';
import { linkNotes } from '../../project/linked.ts';
import { writes, type ProjectPlan } from '../../project/project-plan.ts';
import { readState } from '../../project/read-state.ts';
import { databaseEffects } from '../../spec/effects.ts';
import type { Spec } from '../../spec/schema.ts';
import { patchOf } from '../patch.ts';
import type { Run } from '../run.ts';
import { conflictError, showConflicts } from './conflicts.ts';
import { managerOf, nextCommands } from './next.ts';
import { changeOptions, type ChangeOptions } from './options.ts';
import { documentOf, tell, type Told } from './outcome.ts';

/** How open choices of a plan are decided. */
export interface Choices {
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly conflicts: ConflictMode;
  readonly ask?: Ask;
  readonly takeMoves: boolean;
}

/** What a command wants of a project. */
export interface Subject {
  /** The absolute path of the project. */
  readonly root: string;
  /** The command as `status` and the undo list name it. */
  readonly command: string;
  readonly plan: (choices: Choices) => Promise<ProjectPlan>;
  /** The spec of before in the names of after, so that a rename is told as one. */
  readonly renamed?: (before: Spec) => Spec;
  /** The entry that this takes back. */
  readonly undoes?: string;
  /** Nothing can be undone afterwards. */
  readonly forgets?: true;
}

/**
 * Runs a command that changes a project: makes the plan, and writes it under the lock of the project, or only shows it.
 * Returns the exit code: 0, 1 when `--check` finds something to change, 2 when markers were written.
 *
 * @throws UserError 3 for conflicts, 5 when the plan is not the one of `--plan`; nothing is written then
 */
export async function change(run: Run, subject: Subject): Promise<number> {
  const options = changeOptions(run.invocation);
  const choices = await decided(run, subject, options);
  run.report.progress('comparing the files');
  if (options.dryRun || options.check) return shown(run, subject, options, choices);
  let planned: Told | undefined;
  try {
    const { command, root, undoes, forgets } = subject;
    const at = new Date().toISOString();
    const { waitMs } = options;
    const held = {
      command,
      at,
      waitMs,
      signal: run.signal,
      ...(undoes !== undefined && { undoes }),
      ...(forgets !== undefined && { forgets }),
    };
    const { id, cleaned } = await transaction(root, held, async () => {
      planned = await planOf(subject, choices);
      refuse(planned.plan, options);
      return planned.plan;
    });
    run.report.settle();
    if (planned === undefined) throw new TypeError('a transaction without a plan');
    const written = id !== undefined;
    const told: Told = { ...planned, written, cleaned, ...(!forgets && { id }) };
    tell(run.report, root, told);
    const { marked } = told.plan;
    if (marked.length === 0) {
      run.report.document(documentOf(told));
      return exit.done;
    }
    const error = new UserError(
      exit.markers,
      `both sides are written between markers: ${marked.join(', ')}`,
      'decide them, then run resolve',
    );
    return failed(run, told, error);
  } catch (error) {
    run.report.settle();
    if (planned === undefined || !(error instanceof UserError)) throw error;
    showConflicts(run.report, planned.plan.conflicts);
    return failed(run, planned, error);
  }
}

/** `--dry-run` and `--check`: the same plan, and nothing is written, not even the lock. */
async function shown(
  run: Run,
  subject: Subject,
  options: ChangeOptions,
  choices: Choices,
): Promise<number> {
  await refuseTorn(subject.root);
  const told = await planOf(subject, choices);
  run.report.settle();
  try {
    refuse(told.plan, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    showConflicts(run.report, told.plan.conflicts);
    return failed(run, told, error);
  }
  const json = run.invocation.given.has('json');
  if (options.dryRun && !json) await patch(run, subject, told);
  else tell(run.report, subject.root, told);
  run.report.document(documentOf(told));
  return options.check && told.plan.changes.some(writes) ? exit.usage : exit.done;
}

/** The patch, below lines about it that `git apply` passes over. */
async function patch({ report }: Run, { root }: Subject, { plan, database }: Told): Promise<void> {
  if (plan.changes.some(writes)) {
    const folder = await folderInRepository(root);
    if (folder !== '') report.remark(`git apply --directory=${folder}`);
  }
  for (const { path, note } of plan.changes)
    if (note !== undefined) report.remark(`${path}: ${note}`);
  for (const note of plan.notes) report.remark(`note: ${note}`);
  for (const line of database) report.remark(`database: ${line}`);
  report.raw(patchOf(plan.changes));
}

function failed({ report, invocation }: Run, told: Told, error: UserError): number {
  if (!invocation.given.has('json')) return report.failure(error, invocation.given.has('debug'));
  report.document(documentOf(told, error));
  return error.code;
}

async function planOf(subject: Subject, choices: Choices): Promise<Told> {
  const { command, root } = subject;
  const before = await appliedSpec(subject);
  const planned = await subject.plan(choices);
  const plan = { ...planned, notes: [...planned.notes, ...(await linkNotes(root, planned))] };
  return {
    command,
    plan,
    written: false,
    database: before === undefined ? [] : databaseEffects(before, plan.spec),
    next: nextCommands(plan.changes, managerOf(root, plan.spec.packageManager), before, plan.spec),
  };
}

/** The spec as last applied, in the names of after; undefined where there is none to compare with. */
async function appliedSpec({ root, renamed }: Subject): Promise<Spec | undefined> {
  try {
    const { spec } = await readState(root);
    return renamed?.(spec) ?? spec;
  } catch (error) {
    // Whether the state is missing, or the name never applied, the plan says what is wrong.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function refuse(plan: ProjectPlan, options: ChangeOptions): void {
  if (plan.conflicts.length > 0) throw conflictError(plan.conflicts);
  if (options.plan !== undefined && options.plan !== plan.hash)
    throw new UserError(
      exit.io,
      'the plan is no longer the one of --plan: files or the spec changed meanwhile',
      'nothing was written; look at --dry-run again',
    );
}

/** The choices as they were typed, or as they are answered now, conflict by conflict. */
async function decided(run: Run, subject: Subject, options: ChangeOptions): Promise<Choices> {
  const { decisions, conflicts, takeMoves } = options;
  if (conflicts !== 'ask') return { decisions, conflicts, takeMoves };
  if (!run.report.interactive)
    throw new UserError(
      exit.usage,
      'there is no terminal to ask at: --conflicts=ask',
      '--decide <path>=ours says it beforehand',
    );
  const { askConflicts } = await import('./ask.ts');
  const answers = await askConflicts(run, subject, { decisions, takeMoves });
  return { decisions: answers, conflicts: 'abort', takeMoves };
}
