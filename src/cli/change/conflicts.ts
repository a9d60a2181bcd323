import type { Change, Conflict } from '../../apply/change.ts';
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
  const some = (can: (conflict: Conflict) => boolean) =>
    conflicts.some(({ conflict }) => conflict !== undefined && can(conflict));
  const open = conflicts.find(({ conflict }) => (conflict?.answers.length ?? 0) > 0);
  const away = conflicts.find(({ conflict }) => conflict?.answers.length === 0);
  const ways = [
    ...(away === undefined ? [] : [`move ${away.path} away`]),
    ...(open === undefined
      ? []
      : [`--decide ${open.path}=${listed(open.conflict?.answers ?? [])}`]),
    ...(some(({ markable }) => markable === true)
      ? ['--conflicts=markers writes both sides into the file']
      : []),
    ...(some(({ answers }) => answers.includes('ours')) ? ['--conflicts=ours keeps yours'] : []),
    ...(open === undefined ? [] : ['--conflicts=ask asks for each']),
  ];
  return ways.join('; ');
}

/** `ours`, `ours or =theirs`, `restore, =delete or =moved:<new path>`. */
function listed(answers: readonly string[]): string {
  const [last = '', ...others] = [...answers].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', =')} or =${last}`;
}
