// `fields=name,price` and `fields=-tags`: which parts of a document an answer shows.
import type { Doc } from './bson.ts';

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
