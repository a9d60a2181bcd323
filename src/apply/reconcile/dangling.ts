import type { Tree } from '../../render/types.ts';
import { UserError } from '../../errors.ts';
import { utf8Text } from '../../utf8.ts';
import type { Change, Conflict } from '../change.ts';
import { bytesOf } from '../hash.ts';
import { disputed, modeOf, putAt, still } from './change-of.ts';
import type { Decisions } from './decide.ts';
import { filesMeant, importsOf, isSource, type Import } from './importers.ts';
import { wanted } from './merging.ts';
import type { Decision, Item, Outcome, Rules, Sides, Sources } from './types.ts';

interface Survey {
  readonly tree: Tree;
  readonly sources: Sources;
  readonly rules: Rules;
  readonly decisions: Decisions;
}

/** Files and what becomes of them, changed in place. */
type Outcomes = Map<Item, Outcome>;

/** Makes conflicts of files that would be missing although others import them. */
export async function refuseDangling(outcomes: Outcomes, survey: Survey): Promise<void> {
  const gone = [...outcomes].filter((entry) => isNewlyGone(...entry));
  if (gone.length > 0) {
    const results = resultsOf(outcomes, survey.sources);
    const importers = await importersAmong(emittedImporters(gone, survey.tree), results);
    for (const [item] of gone) {
      const users = importers.get(item.path);
      if (users !== undefined) outcomes.set(item, await disputeGone(item, users, survey));
    }
  }
  // What is kept because somebody imports it imports others itself.
  const asked = new Set<Item>();
  while (await refuseUsed(outcomes, asked, survey));
}

/**
 * Makes conflicts of files that go although others, as they will be, import them.
 * @returns whether one of them is kept
 */
async function refuseUsed(outcomes: Outcomes, asked: Set<Item>, survey: Survey): Promise<boolean> {
  const removed = [...outcomes].filter((entry) => isRemoved(...entry) && !asked.has(entry[0]));
  if (removed.length === 0) return false;
  const results = resultsOf(outcomes, survey.sources);
  const importers = await importersAmong(await survey.sources.allSources(), results);
  let kept = false;
  for (const [item, outcome] of removed) {
    const users = importers.get(item.known?.at ?? item.path);
    if (users === undefined) continue;
    asked.add(item);
    const decided = await disputeUsed(item, outcome, users, survey);
    outcomes.set(item, decided);
    kept ||= decided.changes.some(({ kind }) => kind === 'keep');
  }
  return kept;
}

function isNewlyGone({ known }: Item, { entry, decided }: Outcome): boolean {
  return entry?.gone !== undefined && known?.gone === undefined && decided === undefined;
}

function isRemoved({ theirs }: Item, { changes }: Outcome): boolean {
  return theirs === undefined && changes.some(({ kind }) => kind === 'delete');
}

type Results = (path: string) => Promise<Uint8Array | undefined>;

/** Reads files as they will be. */
function resultsOf(outcomes: Outcomes, { ours }: Sources): Results {
  const changes = [...outcomes.values()].flatMap((outcome) => outcome.changes);
  const after = new Map(changes.map((change) => [change.path, change.after]));
  return async (path) => (after.has(path) ? after.get(path) : ours(path));
}

/** Emitted files that import one of those that are gone; only these have to be read. */
function emittedImporters(gone: readonly [Item, Outcome][], tree: Tree): readonly string[] {
  const missing = new Set(gone.map(([item]) => item.path));
  return [...tree]
    .filter(([path, { content }]) => isSource(path) && importsAny(path, bytesOf(content), missing))
    .map(([path]) => path);
}

function importsAny(path: string, content: Uint8Array, wanted: ReadonlySet<string>): boolean {
  return importsIn(path, content).some(({ target }) =>
    filesMeant(target).some((file) => wanted.has(file)),
  );
}

/** Where a file is imported first in each that does, as `path:line`, by the file that is imported. */
async function importersAmong(
  paths: readonly string[],
  results: Results,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const importers = new Map<string, string[]>();
  for (const path of paths) {
    const content = await results(path).catch(unread);
    if (content === undefined) continue;
    const seen = new Set<string>();
    for (const { target, line } of importsIn(path, content)) {
      if (seen.has(target)) continue;
      seen.add(target);
      for (const file of filesMeant(target))
        importers.set(file, [...(importers.get(file) ?? []), `${path}:${line}`]);
    }
  }
  return importers;
}

/** A file of the user that cannot be read, or whose name no command would write, is passed over. */
function unread(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error;
}

function importsIn(path: string, content: Uint8Array): readonly Import[] {
  return importsOf(path, utf8Text(content));
}

async function disputeGone(
  item: Item,
  users: readonly string[],
  { decisions, rules }: Survey,
): Promise<Outcome> {
  const sides: Sides = { item, at: item.path, to: item.path, ours: undefined };
  const reason = `you deleted it, and ${users.join(', ')} needs it`;
  const answers: readonly Decision[] = ['restore', 'delete'];
  const ways = [...answers, 'moved:<new path>'];
  const conflict: Conflict = { kind: 'deleted', reason, hunks: [], answers: ways };
  const change = disputed(sides, conflict);
  const decision = await decisions.settle({ change, conflict, answers });
  if (decision === 'restore') return putAt(sides, await wanted(item, rules));
  if (decision === undefined) return { changes: [change], entry: { gone: 'user' } };
  return { changes: [stays(change, `stays deleted; ${reason}`)], entry: { gone: 'user' } };
}

async function disputeUsed(
  item: Item,
  outcome: Outcome,
  users: readonly string[],
  { decisions }: Survey,
): Promise<Outcome> {
  const at = item.known?.at ?? item.path;
  const ours = outcome.changes.find(({ path }) => path === at)?.before;
  const reason = `it is no longer generated, and ${users.join(', ')} imports it`;
  const answers: readonly Decision[] = ['delete', 'ours'];
  const conflict: Conflict = { kind: 'used', reason, hunks: [], answers };
  const change = disputed({ item, at, to: at, ours }, conflict);
  const decision = await decisions.settle({ change, conflict, answers });
  if (decision === 'delete') return outcome;
  if (decision === undefined) return { changes: [change], entry: {} };
  const note = 'kept, because your files import it; it is no longer generated';
  return {
    changes: [still('keep', { path: at, before: ours, mode: modeOf(item), note })],
    entry: undefined,
  };
}

function stays({ path, mode }: Change, note: string): Change {
  return { path, kind: 'keep', mode, note };
}
