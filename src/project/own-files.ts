import { mergePolicyOf, modeOf } from '../plan/policy.ts';
import type { EmittedFile, Tree } from '../render/types.ts';
import { utf8Text } from '../utf8.ts';
import type { OwnFiles } from './examples.ts';

const readme = 'README.md';

/**
 * The tree with hand-written files in it. `.flask-style/` is that of the tree: it knows only what was emitted, so that
 * the others are edits and files of the user. A README is joined: what stands before its first heading comes after the
 * introduction, the rest before the last line.
 */
export function withOwnFiles(tree: Tree, own: OwnFiles): Tree {
  if (own.size === 0) return tree;
  const files = [...own].map(([path, content]): [string, EmittedFile] => [
    path,
    {
      content: path === readme ? joined(textOf(tree.get(path)), textOf({ content })) : content,
      merge: mergePolicyOf(path),
      mode: modeOf(path),
      owner: 'project',
    },
  ]);
  return new Map([...tree, ...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function textOf(file: Pick<EmittedFile, 'content'> | undefined): string {
  return file === undefined ? '' : utf8Text(file.content);
}

function joined(emitted: string, own: string): string {
  const first = headingIn(emitted);
  const last = emitted.lastIndexOf('\n\n') + 2;
  const split = headingIn(own);
  const [top, sections] = [own.slice(0, split).trimEnd(), own.slice(split).trimEnd()];
  return [
    emitted.slice(0, first),
    top === '' ? '' : `${top}\n\n`,
    emitted.slice(first, last),
    sections === '' ? '' : `${sections}\n\n`,
    emitted.slice(last),
  ].join('');
}

/** Where the first heading of the second level begins; the end of a text that has none. */
function headingIn(text: string): number {
  const at = text.search(/^## /m);
  return at < 0 ? text.length : at;
}
