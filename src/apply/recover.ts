import path from 'node:path';
import { exit, UserError } from '../errors.ts';
import { utf8Text } from '../utf8.ts';
import { Changed } from './changed.ts';
import { back, finish, forward, progressOf, type Progress } from './engine.ts';
import { Files } from './files.ts';
import type { Folders } from './folders.ts';
import { isLocked } from './lock.ts';
import { parseRecord, recordName, running, type TransactionRecord } from './record.ts';
import { foldersFound, idsIn, within } from './undo.ts';

/** A file whose presence says that a transaction is being taken back. */
export const backMark = 'BACK';

/**
 * Takes up what killed runs left, each as a whole: what had not reached its commit point is discarded, what had is finished;
 * it is taken back when files whose turn had not come were changed by somebody else since.
 *
 * @returns the absolute paths of the transactions
 * @throws UserError 4 when files were edited in a way that allows neither
 */
export function recover(folders: Folders): readonly string[] {
  return idsIn(folders, running).map((id) => {
    const { files, record } = opened(folders, id);
    if (record === undefined) files.clear();
    else settle(files, record);
    return path.join(folders.root, running, id);
  });
}

/** The ids of transactions that killed runs left. Nothing is changed; the next run that writes takes them up. */
export async function interruptedRuns(root: string): Promise<readonly string[]> {
  return within(root, (folders) => (isLocked(folders) ? [] : idsIn(folders, running)));
}

/**
 * Refuses to look at files of which a killed run has changed only some: what they say is neither old nor new.
 *
 * @throws UserError 4
 */
export async function refuseTorn(root: string): Promise<void> {
  const torn = await within(root, (folders) =>
    isLocked(folders)
      ? []
      : idsIn(folders, running).filter((id) => opened(folders, id).record !== undefined),
  );
  if (torn.length > 0)
    throw new UserError(
      exit.state,
      `interrupted transaction ${torn.join(', ')}: a run was killed before it had written everything`,
      'any command that changes the project finishes it or takes it back first',
    );
}

/**
 * The paths of a new project that a killed run has put into `root`: the next run takes them back first.
 *
 * @throws UserError 4 when one of them was edited since
 */
export function halfMade(folders: Folders): ReadonlySet<string> {
  const made = new Set<string>();
  if (isLocked(folders)) return made;
  for (const id of idsIn(folders, running)) {
    const { files, record } = opened(folders, id);
    if (!record?.creation) continue;
    const progress = progressOfAll(files, record);
    refuseEdited(files, record, progress);
    for (const [n, { path: file }] of record.ops.entries())
      if (progress[n] === 'done') made.add(file);
  }
  return made;
}

function settle(files: Files, record: TransactionRecord): void {
  const isBack = files.stats(`${files.home}/${backMark}`) !== undefined;
  if (isBack) return void takeBack(files, record);
  const progress = progressOfAll(files, record);
  if (record.creation) {
    refuseEdited(files, record, progress);
    return void takeBack(files, record);
  }
  const before = progress.includes('foreign before');
  const after = progress.includes('foreign after');
  if (before && after) throw stuck(files, record, progress);
  if (before) return void takeBack(files, record);
  try {
    const edited = progress.flatMap((one, n) => (one === 'foreign after' ? [n] : []));
    forward(files, record, new Set(edited));
    finish(files, record, foldersFound(files.folders, record.undoes));
  } catch (error) {
    // Somebody saves while this runs: from now on it is as if they had done so before.
    if (!(error instanceof Changed)) throw error;
    takeBack(files, record);
  }
}

/** Takes a transaction back and removes it; also when that was interrupted. */
export function takeBack(files: Files, record: TransactionRecord): string | undefined {
  files.mark(`${files.home}/${backMark}`, !record.creation);
  const kept = back(files, record);
  if (kept === undefined) files.clear();
  return kept;
}

function opened(
  folders: Folders,
  id: string,
): { readonly files: Files; readonly record?: TransactionRecord } {
  const file = `${running}/${id}/${recordName}`;
  const unnamed = new Files(folders, { id, nonce: '' });
  const content = unnamed.read(file);
  if (content === undefined) return { files: unnamed };
  const record = parseRecord(utf8Text(content), file);
  return { files: new Files(folders, { id, nonce: record.nonce }), record };
}

function progressOfAll(files: Files, { ops }: TransactionRecord): readonly Progress[] {
  return ops.map((op, n) => progressOf(files, op, n));
}

/** A new project is taken back; what was edited in it would go, so that nothing is done then. */
function refuseEdited(
  files: Files,
  record: TransactionRecord,
  progress: readonly Progress[],
): void {
  if (progress.includes('foreign after')) throw stuck(files, record, progress);
}

function stuck(
  files: Files,
  { id, ops, creation }: TransactionRecord,
  progress: readonly Progress[],
): UserError {
  const edited = ops.flatMap(({ path: file }, n) => {
    if (progress[n] !== 'foreign before' && progress[n] !== 'foreign after') return [];
    const old = files.taken(file, 'cap', n);
    return [old === undefined ? file : `${file} (as it was: ${old})`];
  });
  const keep = `delete ${path.join(files.folders.root, files.home)} to keep everything as it is`;
  return new UserError(
    exit.state,
    `interrupted transaction ${id}: files were edited since: ${edited.join(', ')}`,
    creation ? `move them away, or ${keep}` : `bring the versions together, then ${keep}`,
  );
}
