import { applyEdits, findNodeAtLocation, modify, parseTree, type Node } from 'jsonc-parser';
import type { Versions } from './packages.ts';

/** The text of a package.json with more dependencies; every other character stays. */
export function withPackages(text: string, versions: Versions): string {
  return versions.reduce((now, [name, version]) => withPackage(now, name, version), text);
}

const emptyNode: Node = { type: 'object', offset: 0, length: 0 };

/** A package at its place among the others, in the way in which they are written. */
function withPackage(text: string, name: string, version: string): string {
  const block = findNodeAtLocation(parseTree(text) ?? emptyNode, ['dependencies']);
  const written =
    block === undefined ? text : text.slice(block.offset, block.offset + block.length);
  const formattingOptions = {
    insertSpaces: !text.includes('\n\t'),
    tabSize: 2,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  const edits = modify(text, ['dependencies', name], version, {
    // A block in one line stays in one line.
    ...(written.includes('\n') && { formattingOptions }),
    getInsertionIndex: (names) => placeAmong(names, name),
  });
  return applyEdits(text, edits);
}

/** As npm sorts them; where they are not sorted, behind all others. */
function placeAmong(names: readonly string[], name: string): number {
  const sorted = names.every((one, n) => n === 0 || (names[n - 1] ?? '').localeCompare(one) < 0);
  const next = sorted ? names.findIndex((one) => one.localeCompare(name) > 0) : -1;
  return next === -1 ? names.length : next;
}
