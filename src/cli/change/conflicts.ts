import type { Change } from '../../apply/change.ts';
import { exit, UserError } from '../../errors.ts';
import type { Hunk } from '../../merge/types.ts';
import type { Report } from '../report.ts';

/** As much of one side as is shown; the file has the rest. */
const mostLines = 12;

/** Shows each conflict with both sides. */
export function showConflicts(report: Report, conflicts: readonly Change[]): void {
  for (const { path, conflict } of conflicts) {
    report.status('conflict', `${path}: ${conflict?.reason ?? 'both sides changed it'}`);
    for (const hunk of conflict?.hunks ?? []) showHunk(report, hunk);
  }
}

function showHunk(report: Report, { line, ours, base, theirs }: Hunk): void {
  side(report, `yours, line ${line}`, ours);
  side(report, 'last generated', base);
  side(report, 'generated now', theirs);
}

function side(report: Report, title: string, lines: readonly string[]): void {
  const rest = lines.length - mostLines;
  report.line(`           ${title}${lines.length === 0 ? ': nothing' : ''}`);
  for (const line of lines.slice(0, mostLines)) report.line(`             | ${line}`);
  if (rest > 0) report.line(`             (${rest} more lines)`);
}

/** The refusal of a plan with conflicts: which, and the ways on. */
export function conflictError(conflicts: readonly Change[]): UserError {
  const paths = conflicts.map(({ path }) => path);
  const count = paths.length === 1 ? '1 conflict' : `${paths.length} conflicts`;
  const shown = paths.slice(0, 5).join(', ');
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
  return new UserError(
    exit.conflict,
    `${count}: ${shown}${more}; nothing was written`,
    wayOn(conflicts),
  );
}

function wayOn(conflicts: readonly Change[]): string {
  const [first] = conflicts;
  const kinds = new Set(conflicts.map(({ conflict }) => conflict?.kind ?? 'merge'));
  const ways = [
    `--decide ${first?.path ?? ''}=${answersTo(first?.conflict?.kind ?? 'merge')}`,
    ...(kinds.has('merge') ? ['--conflicts=markers writes both sides into the file'] : []),
    '--conflicts=ours keeps yours',
    '--conflicts=ask asks for each',
  ];
  return ways.join('; ');
}

function answersTo(kind: NonNullable<Change['conflict']>['kind']): string {
  switch (kind) {
    case 'edited':
      return 'ours or =delete';
    case 'moved':
    case 'deleted':
      return 'restore, =delete or =moved:<new path>';
    default:
      return 'ours or =theirs';
  }
}
