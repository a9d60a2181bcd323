import { equal, isRecord, type Values } from './json-values.ts';

/** The values of one thing in the versions of a file and their merge; absent where a version does not have it. */
interface Four {
  readonly ours: unknown;
  readonly base: unknown;
  readonly theirs: unknown;
  readonly merged: unknown;
}

/**
 * Where a merge of YAML is not what becomes of its versions key by key, as the path of the first such place;
 * `undefined` when it is. What a side gave another name is looked for under any of the names it added.
 */
export function unlikePlan(four: Four, path = ''): string | undefined {
  const { ours, base, theirs, merged } = four;
  if (equal(ours, theirs) || equal(theirs, base)) return equal(merged, ours) ? undefined : path;
  if (equal(ours, base)) return equal(merged, theirs) ? undefined : path;
  if (isRecord(ours) && isRecord(theirs) && isRecord(merged)) {
    return unlikeKeys({ ours, base: isRecord(base) ? base : {}, theirs, merged }, path);
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && Array.isArray(merged)) {
    return unlikeList({ ours, base: Array.isArray(base) ? base : [], theirs, merged }, path);
  }
  return path;
}

type Maps = Readonly<Record<keyof Four, Values>>;

function unlikeKeys({ ours, base, theirs, merged }: Maps, path: string): string | undefined {
  const renamed = (side: Values) => Object.keys(base).some((key) => !Object.hasOwn(side, key));
  const loose = { ours: renamed(ours), theirs: renamed(theirs) };
  for (const key of new Set([ours, base, theirs, merged].flatMap(Object.keys))) {
    const here = path === '' ? key : `${path}.${key}`;
    const [mine, old, other, done] = [ours, base, theirs, merged].map((map) =>
      Object.hasOwn(map, key) ? { value: map[key] } : undefined,
    );
    if (old === undefined && (mine === undefined) !== (other === undefined)) {
      // Only one side added it.
      const added = mine ?? other;
      const asIs = !loose[mine === undefined ? 'theirs' : 'ours'];
      if (done === undefined || (asIs && !equal(done.value, added?.value))) return here;
    } else if (mine === undefined || other === undefined) {
      if (done !== undefined) return here;
    } else {
      const four = { ours: mine.value, base: old?.value, theirs: other.value, merged: done?.value };
      const found = done === undefined ? here : unlikePlan(four, here);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

type Lists = Readonly<Record<keyof Four, readonly unknown[]>>;

/** Entries that are as they were, or that one side added, are there as often as both sides together want them. */
function unlikeList({ ours, base, theirs, merged }: Lists, path: string): string | undefined {
  const count = (list: readonly unknown[], entry: unknown) =>
    list.filter((other) => equal(other, entry)).length;
  for (const entry of [...ours, ...theirs]) {
    const [mine, old, other] = [count(ours, entry), count(base, entry), count(theirs, entry)];
    if (isRecord(entry) && mine !== other) continue;
    const wanted = Math.min(mine + other - old, Math.max(mine, other));
    if (count(merged, entry) < wanted) return path;
  }
  return undefined;
}
