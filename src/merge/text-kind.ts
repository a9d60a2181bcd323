import { countsOf, lostText } from './counts.ts';
import type { TextKind, TreeMerge } from './layers.ts';
import { withoutIndent } from './loose.ts';
import { mergeMarkdown } from './markdown.ts';
import { withoutPadding } from './markdown-tree.ts';
import { mergeWords } from './words.ts';

/** How text is merged that has no syntax for us, by the kind of file. */
export function textKind(path: string): TextKind {
  // Markup and style sheets: order is reading order, indentation is layout.
  const free = /\.(?:html|css|md)$/.test(path);
  const prose = path.endsWith('.md');
  return {
    tree: prose ? mergeMarkdown : path.endsWith('.html') ? mergeMarkup : () => undefined,
    problem: (texts) => {
      const [ours, base, theirs, merged] = [texts.ours, texts.base, texts.theirs, texts.merged].map(
        (text) => countsOf(prose ? wordsOf(text) : text.split(/[\s|]+|-{3,}/)),
      );
      if (!ours || !base || !theirs || !merged) return undefined;
      const lost = lostText({ ours, base, theirs, merged });
      return lost === undefined ? undefined : `${lost} would be lost`;
    },
    close: { apart: true, union: free },
    ...(free ? { loose: prose ? withoutPadding : withoutIndent } : {}),
  };
}

/** Pages: what an element holds and what its tag says stand on one line, and are two things. */
function mergeMarkup(ours: string, base: string, theirs: string): TreeMerge | undefined {
  const text = mergeWords(ours, base, theirs, true);
  return text === undefined ? undefined : { text, collisions: [], notes: [] };
}

/** Words and signs, without the rules of tables. */
const wordsOf = (text: string) =>
  text.replaceAll(/-{3,}/g, ' ').match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s|]/gu) ?? [];
