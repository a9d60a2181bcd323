import { relative } from 'node:path';
import type { Change } from '../../apply/change.ts';
import type { UserError } from '../../errors.ts';
import type { ProjectPlan } from '../../project/project-plan.ts';
import { writes } from '../../project/project-plan.ts';
import type { Report } from '../report.ts';

/** What is told about a change of a project, whether it was made or only planned. */
export interface Told {
  readonly command: string;
  readonly plan: ProjectPlan;
  readonly written: boolean;
  /** What it means for data that is there. */
  readonly database: readonly string[];
  /** The commands to run now. */
  readonly next: readonly string[];
  /** The id under which it can be undone. */
  readonly id?: string | undefined;
  /** Absolute paths of what killed runs had left. */
  readonly cleaned?: readonly string[];
}

/** Files of the tool's own books, which say nothing to a reader. */
const books = '.flask-style/';

/** Prints what becomes of each path, and what to know about it. */
export function tell(report: Report, root: string, told: Told): void {
  const { plan, written, database, next, cleaned = [] } = told;
  for (const path of cleaned)
    report.line(`note: a run that was killed had left ${relative(root, path)}: taken up`);
  for (const change of plan.changes) {
    if (change.kind === 'conflict' || change.path.startsWith(books)) continue;
    report.status(
      change.kind,
      change.note === undefined ? change.path : `${change.path} (${change.note})`,
    );
  }
  for (const note of plan.notes) report.line(`note: ${note}`);
  if (!plan.changes.some(writes)) report.line('nothing to do');
  else if (plan.changes.every(({ path }) => path.startsWith(books)))
    report.line(written ? 'done: only .flask-style/ changed' : 'only .flask-style/ would change');
  if (!written) return;
  for (const line of database) report.line(`database: ${line}`);
  if (next.length > 0) report.line(`\nNext:\n${next.map((command) => `  ${command}`).join('\n')}`);
}

/** The one document of `--json`. */
export function documentOf(told: Told, error?: UserError): object {
  const { command, plan, written, database, next, id } = told;
  return {
    command,
    written,
    plan: plan.hash,
    ...(id !== undefined && { undo: id }),
    files: plan.changes.map(fileOf),
    notes: plan.notes,
    ...(plan.marked.length > 0 && { marked: plan.marked }),
    database,
    next,
    ...(error !== undefined && {
      error: {
        code: error.code,
        message: error.message,
        ...(error.hint !== undefined && { hint: error.hint }),
      },
    }),
  };
}

function fileOf({ path, kind, note, conflict }: Change): object {
  return {
    path,
    status: kind,
    ...(note !== undefined && { note }),
    ...(conflict !== undefined && { conflict }),
  };
}
