/** Files in memory that the planner is tried on. */
import { sha256 } from '../../src/apply/hash.ts';
import {
  reconcileFiles,
  type Decision,
  type Item,
  type Outcome,
  type Remembered,
  type Rules,
} from '../../src/apply/reconcile/index.ts';
import type { Change } from '../../src/apply/change.ts';
import { isSource } from '../../src/apply/reconcile/importers.ts';
import { emittedStyle } from '../../src/merge/style.ts';
import type { EmittedFile, MergePolicy, Tree } from '../../src/render/types.ts';

/** One file in its three versions; a version that is left out does not exist. */
export interface Versions {
  readonly base?: string;
  readonly ours?: string;
  readonly theirs?: string;
  readonly kind?: MergePolicy;
  readonly known?: Partial<Remembered>;
  readonly from?: string;
}

export interface Situation {
  readonly files: Readonly<Record<string, Versions>>;
  /** Other files on disk. */
  readonly others?: Readonly<Record<string, string>>;
  readonly moved?: Readonly<Record<string, string>>;
  readonly rules?: Partial<Rules>;
  readonly decisions?: Readonly<Record<string, Decision>>;
}

export interface Told {
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly changes: readonly Change[];
  /** The kind of each change by path. */
  readonly kinds: Readonly<Record<string, Change['kind']>>;
  /** The text that would lie at each path which something is said about; `null`: none. */
  readonly after: Readonly<Record<string, string | null>>;
  /** Paths that were read from disk. */
  readonly read: readonly string[];
}

/** Runs the planner on a situation. */
export async function told(situation: Situation): Promise<Told> {
  const { files, others = {}, moved = {}, rules = {}, decisions = {} } = situation;
  const disk = new Map<string, Uint8Array>();
  const bases = new Map<string, Uint8Array>();
  const tree = new Map<string, EmittedFile>();
  const items: Item[] = [];
  for (const [path, versions] of Object.entries(files)) {
    const { base, ours, theirs, kind = 'ts', known = {}, from = path } = versions;
    if (ours !== undefined) disk.set(known.at ?? from, Buffer.from(ours));
    if (base !== undefined) bases.set(sha256(base), Buffer.from(base));
    const file =
      theirs === undefined
        ? undefined
        : ({ content: theirs, merge: kind, mode: 0o644, owner: 'project' } as const);
    if (file !== undefined) tree.set(path, file);
    const entry =
      base === undefined && known.kind === undefined
        ? undefined
        : { kind, ...(base !== undefined && { base: sha256(base) }), ...known };
    items.push({ path, from, known: entry, theirs: file });
  }
  for (const [path, text] of Object.entries(others)) disk.set(path, Buffer.from(text));
  const read: string[] = [];
  const found = await reconcileFiles(
    { items, tree: tree satisfies Tree, moved: new Map(Object.entries(moved)) },
    {
      ours: async (path) => {
        read.push(path);
        return disk.get(path);
      },
      base: async (hash) => {
        const content = bases.get(hash);
        if (content === undefined) throw new Error(`no base ${hash}`);
        return content;
      },
      strays: async () =>
        Object.keys(others).map((path) => ({ path, content: disk.get(path) ?? new Uint8Array() })),
      allSources: async () => [...disk.keys()].filter(isSource),
    },
    {
      conflicts: 'abort',
      takeMoves: false,
      style: emittedStyle,
      labels: { base: 'last generated 1.0.0', theirs: 'generator 2.0.0' },
      decisions: new Map(Object.entries(decisions)),
      ...rules,
    },
  );
  const changes = [...found.values()].flatMap((outcome) => outcome.changes);
  return {
    outcomes: Object.fromEntries([...found].map(([item, outcome]) => [item.path, outcome])),
    changes,
    kinds: Object.fromEntries(changes.map(({ path, kind }) => [path, kind])),
    after: Object.fromEntries(
      changes.map(({ path, after }) => [
        path,
        after === undefined ? null : Buffer.from(after).toString(),
      ]),
    ),
    read,
  };
}
