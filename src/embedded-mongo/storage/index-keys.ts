import { EMPTY_ARRAY } from '../values/key-string.ts';
import { ServerError } from '../errors.ts';
import { isDoc } from '../values/values.ts';

interface Walk {
  value: unknown;
  /** What remains of the path below `value`. */
  rest: readonly string[];
}

/** Follows a path down to its end or to the first array in it. */
function walk(value: unknown, rest: readonly string[]): Walk {
  let at = 0;
  while (at < rest.length && isDoc(value)) {
    const name = rest[at++] ?? '';
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  const remaining = rest.slice(at);
  if (Array.isArray(value)) {
    const [position = ''] = remaining;
    if (!/^\d+$/.test(position)) return { value, rest: remaining };
    return walk(value[Number(position)] as unknown, remaining.slice(1));
  }
  return remaining.length === 0 ? { value, rest: [] } : { value: undefined, rest: [] };
}

/**
 * The key tuples under which a document stands in an index on these paths: one, or one for each member of the array that
 * lies on them. A missing value is undefined.
 * @returns the tuples, and for each path whether an array lay on it
 * @throws ServerError 171 when two of the paths lead through different arrays
 */
export function keyTuples(
  doc: unknown,
  paths: readonly (readonly string[])[],
): { tuples: unknown[][]; multikey: boolean[] } {
  const walks = paths.map((path) => walk(doc, path));
  const multikey = walks.map((step) => Array.isArray(step.value));
  const array = walks.find((step) => Array.isArray(step.value))?.value as unknown[] | undefined;
  if (!array) return { tuples: [walks.map((step) => step.value)], multikey };
  if (walks.some((step) => Array.isArray(step.value) && step.value !== array)) {
    throw new ServerError(171, 'cannot index parallel arrays');
  }
  const tuples: unknown[][] = [];
  const members: unknown[] = array.length > 0 ? array : [EMPTY_ARRAY];
  for (const member of members) {
    const below = walks.map((step) => {
      if (step.value !== array) return { done: step.value };
      if (step.rest.length === 0) return { done: member };
      // A nested array is not looked into, as in MongoDB.
      return isDoc(member) ? { from: member, rest: step.rest } : { done: undefined };
    });
    const open = below.flatMap((step) => ('rest' in step ? [step.rest] : []));
    const inner = open.length > 0 ? keyTuples(member, open) : { tuples: [[]], multikey: [] };
    for (const tuple of inner.tuples) {
      const values = [...tuple];
      tuples.push(below.map((step) => ('rest' in step ? values.shift() : step.done)));
    }
  }
  return { tuples, multikey };
}
