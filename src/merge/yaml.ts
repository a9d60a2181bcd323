import { countsOf, lostText, type Versions } from './counts.ts';
import type { TextKind, TreeMerge } from './layers.ts';
import type { Rules } from './tree/context.ts';
import { mergeTrees } from './tree/run.ts';
import { yamlTree } from './yaml-tree.ts';
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';

const rules: Rules = { renames: true, textual: true, deep: false, sorted: false };

/** Merges YAML by keys and list entries; `undefined` where only lines can tell. */
function mergeYaml(ours: string, base: string, theirs: string): TreeMerge | undefined {
  const [mine, old, other] = [ours, base, theirs].map(yamlTree);
  if (mine === undefined || old === undefined || other === undefined) return undefined;
  return mergeTrees(rules, mine, old, other);
}

/** What is wrong with a merge of YAML: it does not parse, has a key twice, or lost a word. */
function yamlProblem({ merged, ...sides }: Versions<string>): string | undefined {
  if (syntaxProblem(sides.ours) !== undefined) return undefined;
  const words = (text: string) => countsOf(text.split(/[\s,]+/));
  const lost = lostText({
    ours: words(sides.ours),
    base: words(sides.base),
    theirs: words(sides.theirs),
    merged: words(merged),
  });
  return syntaxProblem(merged) ?? (lost === undefined ? undefined : `${lost} would be lost`);
}

/** Where a text is no YAML, as a clause; `undefined` when it is. */
function syntaxProblem(text: string): string | undefined {
  const lines = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter: lines })) {
    if (!('errors' in document)) continue;
    const [error] = document.errors;
    if (error !== undefined) return `line ${lines.linePos(error.pos[0]).line}: it would not parse`;
  }
  return undefined;
}

export const yamlKind: TextKind = { problem: yamlProblem, tree: mergeYaml };

/** Whether two YAML texts have the same values and comments in the same order. */
export function sameYaml(a: string, b: string): boolean {
  return (
    syntaxProblem(a) === undefined && syntaxProblem(b) === undefined && wordsOf(a) === wordsOf(b)
  );
}

function wordsOf(text: string): string {
  return parseAllDocuments(text)
    .map((document) => ('errors' in document ? documentWords(document) : ''))
    .join('\\0');
}

function documentWords(document: Document): string {
  const words: string[] = [document.commentBefore ?? '', document.comment ?? ''];
  visit(document, {
    Node(_key, node) {
      words.push(node.commentBefore ?? '', node.comment ?? '');
      if (isScalar(node)) words.push(JSON.stringify(node.value));
      else words.push(isMap(node) ? '{' : isSeq(node) ? '[' : '*');
    },
  });
  return words.join('\\0');
}
