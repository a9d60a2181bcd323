import { countsOf, lostText, type Versions } from './counts.ts';
import type { TextKind, TreeMerge } from './layers.ts';
import type { Rules } from './tree/context.ts';
import { mergeTrees } from './tree/run.ts';
import { mergeTexts } from './text.ts';
import { unlikePlan } from './yaml-plan.ts';
import { yamlTree } from './yaml-tree.ts';
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';

const rules: Rules = {
  renames: true,
  textual: true,
  deep: true,
  sorted: false,
  mergeLeaf: (...texts) =>
    texts.every((text) => /^\s*(?:#.*\s*)*$/.test(text))
      ? mergeTexts(...texts, { apart: true, union: true })
      : undefined,
};

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
  const wrong = syntaxProblem(merged) ?? (lost === undefined ? undefined : `${lost} would be lost`);
  return wrong ?? planProblem({ merged, ...sides });
}

/** Where a merge is not what the keys say; several documents have no such plan. */
function planProblem(texts: Versions<string>): string | undefined {
  const [ours, base, theirs, merged] = [texts.ours, texts.base, texts.theirs, texts.merged].map(
    plainValue,
  );
  if (!ours || !base || !theirs || !merged) return undefined;
  const path = unlikePlan({
    ours: ours.value,
    base: base.value,
    theirs: theirs.value,
    merged: merged.value,
  });
  return path === undefined ? undefined : `${path || 'the file'} would not be what both sides say`;
}

/** The value of one document, with what its anchors stand for. */
function plainValue(text: string): { readonly value: unknown } | undefined {
  const documents = parseAllDocuments(text, { merge: true });
  const [document] = documents;
  if (document === undefined) return { value: undefined };
  if (documents.length > 1 || !('errors' in document)) return undefined;
  const value: unknown = document.toJS();
  return { value: value ?? undefined };
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

export const yamlKind: TextKind = {
  problem: yamlProblem,
  tree: mergeYaml,
  // What the keys say is looked at behind it.
  close: { apart: true, union: false },
};

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
