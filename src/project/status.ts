import { sha256 } from '../apply/hash.ts';
import { hasMarkers } from '../apply/reconcile/markers.ts';
import { FolderMoves } from '../apply/reconcile/moves.ts';
import { searchFor } from '../apply/reconcile/search.ts';
import type { Item } from '../apply/reconcile/types.ts';
import { sameContent } from '../merge/index.ts';
import { openProject, type Bases, type Project, type Tools } from './open.ts';
import { ownOf, type OwnRow } from './own.ts';
import { sameSpec } from './spec-text.ts';
import type { StateEntry } from './state.ts';
import { movesIn, surroundings } from './strays.ts';
import { keepsBase } from './tree.ts';

/** What the user did to an emitted file, or what it waits for. */
export type FileStatus = 'edited' | 'deleted' | 'moved' | 'pending' | 'skipped';

/** One emitted file that is not as it was emitted. */
export interface StatusRow {
  /** Where the generator has it. */
  readonly path: string;
  readonly status: FileStatus;
  /** Where it lies; of a file that was only found again, where it probably lies. */
  readonly at?: string;
  /** Places that wait: between markers, or skipped. */
  readonly hunks?: number;
}

/** How a project stands to what was emitted. */
export interface Status {
  /** Sorted by path. */
  readonly rows: readonly StatusRow[];
  /** What was never emitted. */
  readonly own: readonly OwnRow[];
  /** Whether `flask-style.json` says something that was not applied yet. */
  readonly unapplied: boolean;
  /** The version that emitted the project. */
  readonly version: string;
}

/**
 * What the user made of a project. Only reads, and works while a merge waits.
 *
 * @throws UserError 1 for a spec with mistakes, 4 for a state that cannot be used
 */
export async function statusOf(tools: Tools): Promise<Status> {
  const project = await openProject(tools, { unfinished: true });
  const { files, pending = [] } = project.state;
  const rows: StatusRow[] = pending.map(({ path, hunks, skipped }) => ({
    path,
    status: skipped ? 'skipped' : 'pending',
    hunks,
  }));
  const base = (hash: string) => project.bases.get(hash);
  const search = searchFor(new FolderMoves(movesIn(project.state)), {
    base,
    ...surroundings(project, new Map()),
  });
  for (const [path, entry] of Object.entries(files)) {
    const row = await rowOf(project, path, entry, search);
    if (row !== undefined) rows.push(row);
  }
  const found = rows.flatMap(({ at }) => (at === undefined ? [] : [at]));
  return {
    own: await ownOf(project, found),
    rows: rows.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    unapplied: !sameSpec(project.spec, project.state.spec),
    version: project.state.generator.version,
  };
}

async function rowOf(
  project: Project,
  path: string,
  entry: StateEntry,
  search: (item: Item) => Promise<readonly string[]>,
): Promise<StatusRow | undefined> {
  const { kind, at, base, gone } = entry;
  if (kind === 'seed') return undefined;
  const ours = await project.files.read(at ?? path);
  if (ours === undefined) return missingRow(path, entry, search);
  if (at !== undefined) return { path, status: 'moved', at };
  if (gone !== undefined || base === undefined || sha256(ours) === base) return undefined;
  if (hasMarkers(ours)) return undefined;
  if (await sameAsEmitted(path, { kind, base }, ours, project.bases)) return undefined;
  return { path, status: 'edited' };
}

/**
 * Whether a file whose bytes are others is still what was emitted: line ends and layout do not count, where it can be told.
 * @throws UserError 4 when what was emitted is lost
 */
export async function sameAsEmitted(
  path: string,
  { kind, base }: { readonly kind: StateEntry['kind']; readonly base: string },
  ours: Uint8Array,
  bases: Bases,
): Promise<boolean> {
  return keepsBase(kind) && sameContent(path, kind, ours, await bases.get(base));
}

async function missingRow(
  path: string,
  entry: StateEntry,
  search: (item: Item) => Promise<readonly string[]>,
): Promise<StatusRow> {
  if (entry.gone !== undefined) return { path, status: 'deleted' };
  const [place, ...others] = await search({ path, from: path, known: entry, theirs: undefined });
  return place !== undefined && others.length === 0
    ? { path, status: 'moved', at: place }
    : { path, status: 'deleted' };
}
