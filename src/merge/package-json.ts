import { applyEdits, modify, parse, type JSONPath } from 'jsonc-parser';
import type { JsonRules } from './json.ts';
import type { Place } from './tree/context.ts';

const blocks = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
/** Taken from the answers once; the user's from then on. */
const owned = ['name', 'version', 'description', 'author', 'license'];

type Manifest = Readonly<Record<string, unknown>>;

/**
 * What package.json adds to a merge by key: a package is one key, whichever block it stands in, and stands where the
 * user has it; a newer version of the user's stays; what the user depends on otherwise is not taken away.
 */
export function packageRules(ours: string, base: string, theirs: string): JsonRules {
  const notes: string[] = [];
  const [mine, old, other] = [ours, base, theirs].map(manifestOf);
  const texts = { base, theirs };
  if (mine !== undefined && old !== undefined && other !== undefined) {
    for (const key of owned) {
      texts.base = set(texts.base, [key], mine[key]);
      texts.theirs = set(texts.theirs, [key], mine[key]);
    }
    for (const name of namesOf(mine)) {
      follow(name, { mine, old, other }, texts);
      asRange(name, { mine, old, other }, texts);
    }
    for (const block of blocks) {
      // A block that the generator emptied is merged as an empty one: the user's packages stay.
      const emptied = block in mine && block in old && !(block in other);
      if (emptied) texts.theirs = set(texts.theirs, [block], {});
    }
  }
  return { ...texts, notes, settle: settleWith(notes), settleRemoved: settleRemovedWith(notes) };
}

function manifestOf(text: string): Manifest | undefined {
  const value: unknown = parse(text, [], { allowTrailingComma: true });
  return isRecord(value) ? value : undefined;
}

const isRecord = (value: unknown): value is Manifest =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const set = (text: string, path: JSONPath, value: unknown) =>
  applyEdits(
    text,
    modify(text, path, value, { formattingOptions: { insertSpaces: true, tabSize: 2 } }),
  );

function namesOf(manifest: Manifest): ReadonlySet<string> {
  return new Set(blocks.flatMap((block) => Object.keys(blockOf(manifest, block))));
}

const blockOf = (manifest: Manifest, block: string): Manifest => {
  const value = manifest[block];
  return isRecord(value) ? value : {};
};

const placeOf = (manifest: Manifest, name: string) =>
  blocks.find((block) => name in blockOf(manifest, block));

interface Manifests {
  readonly mine: Manifest;
  readonly old: Manifest;
  readonly other: Manifest;
}

/** Where the user made a range of an exact version, as `npm install` does, lets base and theirs have that range. */
function asRange(
  name: string,
  { mine, old, other }: Manifests,
  texts: { base: string; theirs: string },
): void {
  const here = placeOf(mine, name);
  const version = (manifest: Manifest) => blockOf(manifest, placeOf(manifest, name) ?? '')[name];
  const [range, before, now] = [version(mine), version(old), version(other)];
  if (here === undefined || typeof range !== 'string' || typeof before !== 'string') return;
  const sign = range.slice(0, -before.length);
  if (range !== sign + before || !['^', '~'].includes(sign)) return;
  if (typeof now !== 'string' || !/^\d/.test(now)) return;
  texts.base = set(texts.base, [here, name], range);
  texts.theirs = set(texts.theirs, [here, name], sign + now);
}

/** Lets base and theirs have a package in the block where the user put it. */
function follow(
  name: string,
  { mine, old, other }: Manifests,
  texts: { base: string; theirs: string },
): void {
  const here = placeOf(mine, name);
  const there = placeOf(other, name);
  const before = placeOf(old, name);
  if (here === undefined || here === 'peerDependencies') return;
  const version = (manifest: Manifest, block: string) => blockOf(manifest, block)[name];
  // The user left it where it was: the generator may move it.
  const untouched = before === here && version(old, here) === version(mine, here);
  if (there !== undefined && there !== here && !untouched) {
    texts.theirs = set(texts.theirs, [there, name], undefined);
    texts.theirs = set(texts.theirs, [here, name], version(other, there));
  }
  if (before !== undefined && before !== here) {
    texts.base = set(texts.base, [before, name], undefined);
    texts.base = set(texts.base, [here, name], version(old, before));
  }
}

const isPackage = (path: readonly string[]) => path.length === 2 && blocks.includes(path[0] ?? '');

function settleWith(notes: string[]) {
  return ({ path, ours, theirs }: Place) => {
    if (!isPackage(path)) return undefined;
    const mine = leastVersion(ours);
    const other = leastVersion(theirs);
    if (mine === undefined || other === undefined || compare(mine, other) < 0) return undefined;
    notes.push(`${path[1] ?? ''} stays at ${ours}; the generator has ${theirs}`);
    return 'ours' as const;
  };
}

function settleRemovedWith(notes: string[]) {
  return ({ path, ours, theirs }: Place, removedBy: 'ours' | 'theirs') => {
    if (!isPackage(path)) return false;
    const name = path[1] ?? '';
    notes.push(
      removedBy === 'theirs'
        ? `${ours} stays: you changed its version; the generator no longer needs it`
        : `${name} stays away: you removed it; the generator has ${theirs}`,
    );
    return true;
  };
}

/** The least version that a range in quotes allows; `undefined` when it is no plain range. */
function leastVersion(range: string): readonly number[] | undefined {
  const match = /^"(?:\^|~|>=|=|v)?\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?"$/.exec(range);
  return match?.slice(1).map((part) => Number(part ?? 0));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, number] of a.entries()) {
    const difference = number - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
