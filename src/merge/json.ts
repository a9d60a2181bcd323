import { countsOf, lostText, type Counts, type Versions } from './counts.ts';
import { linesOf } from './decode.ts';
import { hunkOf } from './hunk.ts';
import type { TreeMerge } from './layers.ts';
import { mergeLargeJson } from './json-lines.ts';
import { commentsIn, jsonTree, type IsSet } from './json-tree.ts';
import { clean, refused, type Outcome } from './outcome.ts';
import { packageRules } from './package-json.ts';
import type { Place, Rules } from './tree/context.ts';
import { mergeTrees } from './tree/run.ts';

/** Sets in any JSON file; all other arrays are one value. */
const sets = new Set(['files', 'keywords', 'workspaces']);

const jsonRules: Rules = { renames: false, textual: false, deep: true, sorted: true };

/** What one kind of JSON file adds to a merge by key. */
export interface JsonRules extends Pick<Rules, 'settle' | 'settleRemoved'> {
  /** Base and theirs as they are to be compared with ours. */
  readonly base: string;
  readonly theirs: string;
  readonly notes: readonly string[];
}

/**
 * Merges JSON key by key into the user's own text: comments, layout and the order of keys are kept. A key that both
 * sides set to different values is a conflict, and so is a text that does not parse or has a key twice.
 */
export function mergeJson(path: string, ours: string, base: string, theirs: string): Outcome {
  const byLines = mergeLargeJson(ours, base, theirs);
  if (byLines !== undefined) return clean(byLines);
  const special = /(?:^|\/)package\.json$/.test(path)
    ? packageRules(ours, base, theirs)
    : undefined;
  const versions = { ours, base: special?.base ?? base, theirs: special?.theirs ?? theirs };
  const unions = new Set<string>();
  const isSet: IsSet = (keys) =>
    (keys.length === 1 && sets.has(keys[0] ?? '')) || unions.has(keys.join('\0'));
  let result = mergeVersions(versions, isSet, special, unions);
  // Arrays to which both sides only added are known after the first try.
  if (unions.size > 0) result = mergeVersions(versions, isSet, special, unions);
  if (typeof result === 'string') return refused(result);
  const { text, collisions } = result;
  if (jsonTree(text, () => false) === undefined) return refused('the merge would not be JSON');
  const lost = lostComment({ ours, base, theirs, merged: text });
  if (lost !== undefined) return refused(`${lost} would be lost`);
  const lines = linesOf(text);
  if (collisions.length === 0) return clean(lines, special?.notes ?? []);
  const [first] = collisions;
  return {
    kind: 'conflict',
    reason: `line ${first?.line ?? 1}: ${first?.what ?? ''}`,
    hunks: collisions.map(hunkOf),
    kept: lines,
  };
}

/** A comment of the user's that is not in the merge, and that the generator did not take out. */
function lostComment(texts: Versions<string>): string | undefined {
  const of = (text: string) => countsOf(commentsIn(text));
  const [ours, base, theirs, merged] = [texts.ours, texts.base, texts.theirs, texts.merged].map(of);
  if (!ours || !base || !theirs || !merged) return undefined;
  // Comments of theirs are the generator's own: only those of the user have to be there.
  return lostText({ ours, base, theirs: base, merged: plus(merged, base, theirs) });
}

/** The counts with those of what the generator took out. */
function plus(merged: Counts, base: Counts, theirs: Counts): Counts {
  const result = new Map(merged);
  for (const [text, count] of base) {
    const removed = Math.max(0, count - (theirs.get(text) ?? 0));
    if (removed > 0) result.set(text, (result.get(text) ?? 0) + removed);
  }
  return result;
}

function mergeVersions(
  versions: { readonly ours: string; readonly base: string; readonly theirs: string },
  isSet: IsSet,
  special: JsonRules | undefined,
  unions: Set<string>,
): TreeMerge | string {
  const ours = jsonTree(versions.ours, isSet);
  const base = jsonTree(versions.base, isSet);
  const theirs = jsonTree(versions.theirs, isSet);
  if (ours === undefined) return 'the file is not JSON, or has a key twice';
  if (base === undefined || theirs === undefined) return 'the generated file is not JSON';
  const settle = (place: Place) => {
    if (onlyAdded(place)) unions.add(place.path.join('\0'));
    return special?.settle?.(place);
  };
  const merged = mergeTrees({ ...jsonRules, ...special, settle }, ours, base, theirs);
  return merged ?? 'both sides changed the file as a whole';
}

/** Whether a place is an array of scalars, and neither side took anything out of it. */
function onlyAdded({ ours, base = '[]', theirs }: Place): boolean {
  if (![ours, base, theirs].every((text) => text.startsWith('['))) return false;
  const [mine, old, other] = [ours, base, theirs].map(scalars);
  if (mine === undefined || old === undefined || other === undefined) return false;
  return [...old].every((value) => mine.has(value) && other.has(value));
}

function scalars(text: string): ReadonlySet<unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value) || value.some((item) => typeof item === 'object')) return undefined;
    return new Set<unknown>(value);
  } catch {
    return undefined;
  }
}
