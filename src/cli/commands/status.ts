import { interruptedRuns, refuseTorn } from '../../apply/recover.ts';
import { undoEntries } from '../../apply/undo.ts';
import type { UndoEntry } from '../../apply/types.ts';
import { exit } from '../../errors.ts';
import { comparedVersions } from '../../project/open.ts';
import { statusOf, type StatusRow } from '../../project/status.ts';
import { toolsOf } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `status`: what the user made of the emitted files and beside them, what waits, and what can be undone. Only reads. */
export async function status(run: Run): Promise<number> {
  const { report } = run;
  const tools = toolsOf(run);
  const { rows, own, unapplied, version } = await statusOf(tools).catch(async (error: unknown) => {
    // The state itself may be one of the files that a killed run has not written yet.
    await refuseTorn(tools.root);
    throw error;
  });
  const entries = await undoEntries(tools.root);
  const interrupted = await interruptedRuns(tools.root);
  for (const row of rows) report.line(`${row.status.padStart(9)}  ${shown(row)}`);
  if (rows.length === 0) report.line('every emitted file is as it was emitted');
  for (const { path, files } of own)
    report.line(
      `${'own'.padStart(9)}  ${path}${files === undefined ? '' : ` (${counted(files, 'file')})`}`,
    );
  if (unapplied) report.line('flask-style.json says more than was applied: run apply');
  if (comparedVersions(version, tools.generator.version) < 0)
    report.line(`emitted by ${version}; this is ${tools.generator.version}: run update`);
  for (const id of interrupted)
    report.line(`interrupted transaction ${id}: the next command that writes takes it up`);
  if (entries.length > 0) report.line('\nUndo:');
  for (const entry of entries) report.line(`  ${entry.id}  ${told(entry)}`);
  report.document({
    root: tools.root,
    version,
    rows,
    own,
    unapplied,
    interrupted,
    undo: entries.map(({ id, command, at, undone, undoes }) => ({
      id,
      command,
      at,
      undone,
      ...(undoes !== undefined && { undoes }),
    })),
  });
  return exit.done;
}

const counted = (count: number, noun: string): string =>
  count === 1 ? `1 ${noun}` : `${count} ${noun}s`;

function shown({ path, status: what, at, hunks }: StatusRow): string {
  const places = counted(hunks ?? 0, 'place');
  switch (what) {
    case 'moved':
      return at === undefined ? path : `${path} -> ${at}`;
    case 'pending':
      return `${path} (${places} between markers: decide them, then run resolve)`;
    case 'skipped':
      return `${path} (${places} kept as yours: resolve offers the other side)`;
    default:
      return path;
  }
}

function told({ command, at, undone, undoes }: UndoEntry): string {
  const what = undoes === undefined ? command : `${command} (of ${undoes})`;
  return `${at}  ${what}${undone ? ' (undone)' : ''}`;
}
