// Paths into documents: the values at a dotted path, and the parts of a document that `fields` shows.
import type { Doc } from './bson.ts';

/** One value found: what it is, where it is, and how to put another in its place (undefined removes it). */
export interface Found {
  readonly value: unknown;
  readonly at: readonly PropertyKey[];
  readonly put: (value: unknown) => void;
}

export const isDoc = (value: unknown): value is Doc =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The one value at a path, `undefined` where there is none; a number steps into a list. */
export const valueAt = (document: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined,
    document,
  );

/** Every value at the path; the items of a list are found one by one. */
export const valuesAt = (document: Doc, path: string): Found[] => {
  const [first = '', ...rest] = path.split('.');
  return below(document, first, rest, []);
};

const below = (
  holder: Doc,
  name: string,
  rest: readonly string[],
  at: readonly PropertyKey[],
): Found[] => {
  const value = holder[name];
  const here = [...at, name];
  if (value === undefined || value === null) return [];
  const [next, ...further] = rest;
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    return items.flatMap((item, i) => {
      if (next === undefined) {
        return [{ value: item, at: [...here, i], put: (other) => void (items[i] = other) }];
      }
      return isDoc(item) ? below(item, next, further, [...here, i]) : [];
    });
  }
  if (next === undefined) {
    return [{ value, at: here, put: (other) => void (holder[name] = other) }];
  }
  return isDoc(value) ? below(value, next, further, here) : [];
};

type Tree = Map<string, Tree | undefined>;

export interface Projection {
  readonly keep: boolean;
  readonly tree: Tree;
}

/** Paths as a tree; a shorter path wins over a longer one below it. */
const treeOf = (paths: readonly string[]): Tree => {
  const root: Tree = new Map();
  for (const path of paths) {
    let node: Tree | undefined = root;
    const parts = path.split('.');
    for (const [i, part] of parts.entries()) {
      if (node === undefined) break;
      const below: Tree | undefined =
        i === parts.length - 1
          ? undefined
          : node.has(part)
            ? node.get(part)
            : new Map<string, Tree>();
      node.set(part, below);
      node = below;
    }
  }
  return root;
};

/** Shows only these paths, or everything but these; `_id` and `_rev` are always shown. */
export const projection = (paths: readonly string[], keep: boolean): Projection => ({
  keep,
  tree: treeOf(
    keep ? [...paths, '_id', '_rev'] : paths.filter((path) => path !== '_id' && path !== '_rev'),
  ),
});

const cut = (value: unknown, tree: Tree, keep: boolean): unknown => {
  if (Array.isArray(value)) return value.map((item) => cut(item, tree, keep));
  if (typeof value !== 'object' || value === null) return value;
  const shown: Doc = {};
  for (const [name, inner] of Object.entries(value)) {
    const below = tree.get(name);
    if (below !== undefined) shown[name] = cut(inner, below, keep);
    else if (tree.has(name) === keep) shown[name] = inner;
  }
  return shown;
};

/** The part of a wire document that the projection shows. */
export const project = (wire: Doc, { keep, tree }: Projection): Doc => {
  const shown = cut(wire, tree, keep);
  return typeof shown === 'object' && shown !== null ? { ...shown } : {};
};
