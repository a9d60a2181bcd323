import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** A key in a JSON document that gets another name. */
export interface KeyRename {
  /** The way to it, itself at the end. */
  readonly path: readonly string[];
  readonly to: string;
}

/** A JSON text, comments and all, with other keys; those that it does not have are left out. */
export function renamedKeys(text: string, renames: readonly KeyRename[]): string {
  let result = text;
  for (const { path, to } of renames) {
    const tree = parseTree(result, [], { allowTrailingComma: true });
    const value = tree === undefined ? undefined : findNodeAtLocation(tree, [...path]);
    const key = value?.parent?.children?.[0];
    if (key === undefined) continue;
    result =
      result.slice(0, key.offset) + JSON.stringify(to) + result.slice(key.offset + key.length);
  }
  return result;
}
