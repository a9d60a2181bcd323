import { drop, get, put, type Doc } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import { isDoc } from '../values/values.ts';

/** What happens to a field that a projection names. */
export type Leaf =
  | { kind: 'include'; then?: (value: unknown, position: number | undefined) => unknown }
  | { kind: 'exclude' }
  | { kind: 'compute'; compute: (root: Doc) => unknown };

/** A projection by field names; a member is a leaf or a further level. */
export interface Branch {
  kind: 'branch';
  fields: Map<string, Leaf | Branch>;
  /** Whether an expression stands somewhere below. */
  computed: boolean;
}

export function branch(): Branch {
  return { kind: 'branch', fields: new Map(), computed: false };
}

/**
 * Puts a leaf at a dotted path.
 * @throws ServerError 31249 or 31250 when the path is, or leads through, another one
 */
export function addLeaf(tree: Branch, parts: readonly string[], leaf: Leaf): void {
  let level = tree;
  for (let at = 0; at < parts.length - 1; at++) {
    if (leaf.kind === 'compute') level.computed = true;
    const part = parts[at] ?? '';
    const next = level.fields.get(part) ?? branch();
    if (next.kind !== 'branch') {
      throw new ServerError(
        31249,
        `Path collision at ${parts.join('.')} remaining portion ${parts.slice(at + 1).join('.')}`,
      );
    }
    level.fields.set(part, next);
    level = next;
  }
  const last = parts.at(-1) ?? '';
  if (level.fields.has(last)) {
    throw new ServerError(31250, `Path collision at ${parts.join('.')}`);
  }
  if (leaf.kind === 'compute') level.computed = true;
  level.fields.set(last, leaf);
}

/** Keeps (`inclusion`) or leaves out the named fields; arrays on the way are entered. */
export function keepFields(
  doc: Doc,
  tree: Branch,
  inclusion: boolean,
  position: number | undefined,
): Doc {
  const made: Doc = {};
  for (const key of Object.keys(doc)) {
    const rule = tree.fields.get(key);
    const value = doc[key];
    if (rule === undefined || (rule.kind === 'compute' && !inclusion)) {
      if (!inclusion) put(made, key, value);
    } else if (rule.kind === 'include') {
      const kept = rule.then ? rule.then(value, position) : value;
      if (kept !== undefined) put(made, key, kept);
    } else if (rule.kind === 'branch') {
      const kept = keepBelow(value, rule, inclusion, position);
      if (kept !== undefined) put(made, key, kept);
    }
  }
  return made;
}

function keepBelow(
  value: unknown,
  tree: Branch,
  inclusion: boolean,
  position: number | undefined,
): unknown {
  if (isDoc(value)) return keepFields(value, tree, inclusion, position);
  if (!Array.isArray(value)) return inclusion ? undefined : value;
  // A member that is no document goes, unless a computed field makes it one.
  return value
    .map((item) => {
      const kept = keepBelow(item, tree, inclusion, position);
      return kept === undefined && tree.computed ? {} : kept;
    })
    .filter((item) => item !== undefined);
}

/** Adds the computed fields, in place; `root` is what the expressions read. */
export function computeFields(target: Doc, tree: Branch, root: Doc): void {
  for (const [key, rule] of tree.fields) {
    if (rule.kind === 'compute') {
      const value = rule.compute(root);
      if (value === undefined) drop(target, key);
      else put(target, key, value);
    } else if (rule.kind === 'branch' && rule.computed) {
      put(target, key, computedBelow(get(target, key), rule, root));
    }
  }
}

/** A copy of the value with the computed fields; what is no document becomes one, members of arrays each. */
function computedBelow(value: unknown, tree: Branch, root: Doc): unknown {
  if (Array.isArray(value)) return value.map((item) => computedBelow(item, tree, root));
  const made: Doc = isDoc(value) ? { ...value } : {};
  computeFields(made, tree, root);
  return made;
}
