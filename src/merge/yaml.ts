import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';

/** YAML that can be merged, or a clause that says why it cannot be read. */
export function yamlProblem(text: string): string | undefined {
  const lines = new LineCounter();
  for (const document of parseAllDocuments(text, { lineCounter: lines })) {
    if (!('errors' in document)) continue;
    const [error] = document.errors;
    if (error !== undefined) return `line ${lines.linePos(error.pos[0]).line}: it would not parse`;
  }
  return undefined;
}

/** Whether two YAML texts have the same values and comments in the same order. */
export function sameYaml(a: string, b: string): boolean {
  return yamlProblem(a) === undefined && yamlProblem(b) === undefined && wordsOf(a) === wordsOf(b);
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
