import { linesOf } from './decode.ts';
import { hunkOf } from './hunk.ts';
import { jsonTree, type IsSet } from './json-tree.ts';
import { clean, refused, type Outcome } from './outcome.ts';
import { packageRules } from './package-json.ts';
import { contextOf, type Collision, type Place, type Rules } from './tree/context.ts';
import { mergeParts } from './tree/merge.ts';

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
  const special = /(?:^|\/)package\.json$/.test(path)
    ? packageRules(ours, base, theirs)
    : undefined;
  const versions = { ours, base: special?.base ?? base, theirs: special?.theirs ?? theirs };
  const unions = new Set<string>();
  const isSet: IsSet = (keys) =>
    (keys.length === 1 && sets.has(keys[0] ?? '')) || unions.has(keys.join('\0'));
  let result = mergeTrees(versions, isSet, special, unions);
  // Arrays to which both sides only added are known after the first try.
  if (unions.size > 0) result = mergeTrees(versions, isSet, special, unions);
  if (typeof result === 'string') return refused(result);
  const { text, collisions } = result;
  if (jsonTree(text, () => false) === undefined) return refused('the merge would not be JSON');
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

interface Merged {
  readonly text: string;
  readonly collisions: readonly Collision[];
}

function mergeTrees(
  versions: { readonly ours: string; readonly base: string; readonly theirs: string },
  isSet: IsSet,
  special: JsonRules | undefined,
  unions: Set<string>,
): Merged | string {
  const ours = jsonTree(versions.ours, isSet);
  const base = jsonTree(versions.base, isSet);
  const theirs = jsonTree(versions.theirs, isSet);
  if (ours === undefined) return 'the file is not JSON, or has a key twice';
  if (base === undefined || theirs === undefined) return 'the generated file is not JSON';
  const settle = (place: Place) => {
    if (onlyAdded(place)) unions.add(place.path.join('\0'));
    return special?.settle?.(place);
  };
  const context = contextOf({ ...jsonRules, ...special, settle }, ours, base, theirs);
  const owner = { name: 'the file', line: 1 };
  const text = mergeParts(ours.parts, base.parts, theirs.parts, context, [], owner);
  return text === undefined
    ? 'both sides changed the file as a whole'
    : { text, collisions: context.collisions };
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
