import { countsOf, lostText } from './counts.ts';
import type { TextKind } from './layers.ts';
import { withoutIndent } from './loose.ts';

/** How text is merged that has no syntax for us, by the kind of file. */
export function textKind(path: string): TextKind {
  // Markup and style sheets: order is reading order, indentation is layout.
  const free = /\.(?:html|css|md)$/.test(path);
  return {
    tree: () => undefined,
    problem: (texts) => {
      const [ours, base, theirs, merged] = [texts.ours, texts.base, texts.theirs, texts.merged].map(
        (text) => countsOf(text.split(/[\s|]+|-{3,}/)),
      );
      if (!ours || !base || !theirs || !merged) return undefined;
      const lost = lostText({ ours, base, theirs, merged });
      return lost === undefined ? undefined : `${lost} would be lost`;
    },
    close: { apart: true, union: free },
    ...(free ? { loose: path.endsWith('.md') ? withoutPadding : withoutIndent } : {}),
  };
}

/** Rows of a table are padded to the widest cell: one long word lays all of them out anew. */
function withoutPadding(line: string): string {
  if (!line.startsWith('|')) return line;
  return line.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}
