import { readUndo, undoEntries } from '../../apply/undo.ts';
import type { UndoEntry } from '../../apply/types.ts';
import { exit, UserError } from '../../errors.ts';
import { lastCommand, lastUndo, undoPlan } from '../../project/undo.ts';
import { quote } from '../../spec/names.ts';
import { change } from '../change/run.ts';
import { toolsOf } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `undo [id]`: takes back the last command, or the entry that `status` names so. */
export async function undo(run: Run): Promise<number> {
  const [id] = run.invocation.words;
  return takeBack(run, (entries) => (id === undefined ? lastCommand(entries) : named(id, entries)));
}

/** `redo`: takes back the last undo. */
export async function redo(run: Run): Promise<number> {
  return takeBack(run, lastUndo);
}

async function takeBack(
  run: Run,
  pick: (entries: readonly UndoEntry[]) => UndoEntry,
): Promise<number> {
  // The first command in an application that was not made by us may be taken back: then there is no spec.
  const tools = toolsOf(run, ['.flask-style/undo']);
  const { root } = tools;
  const { id } = pick(await undoEntries(root));
  return change(run, {
    root,
    command: run.invocation.command,
    undoes: id,
    plan: async (choices) => {
      const entry = pick(await undoEntries(root));
      if (entry.id !== id)
        throw new UserError(
          exit.io,
          `another command ended meanwhile: ${entry.command}`,
          'nothing was written; status shows what can be undone',
        );
      return undoPlan({ ...tools, ...choices, entry, contents: await readUndo(root, id) });
    },
  });
}

function named(id: string, entries: readonly UndoEntry[]): UndoEntry {
  const entry = entries.find((one) => one.id === id.padStart(4, '0'));
  if (entry === undefined)
    throw new UserError(
      exit.usage,
      `there is no undo entry ${quote(id)}`,
      entries.length === 0
        ? 'there is nothing to undo'
        : `status lists them: ${entries.map((one) => one.id).join(', ')}`,
    );
  if (entry.undone)
    throw new UserError(
      exit.usage,
      `${entry.id} was undone already`,
      'redo takes the last undo back',
    );
  return entry;
}
