import { isMap, isNode, isScalar, Lexer, LineCounter, parseDocument } from 'yaml';
import { exit, UserError } from '../../errors.ts';
import { checkSize, type Document, type Path } from '../json.ts';
import { quote } from '../names.ts';
import { limits, type JsonValue } from '../schema.ts';

/** How often an anchor may be used, counted through the anchors inside it. */
const mostAliases = 1000;

/** How many values a document may come to once its aliases are written out. */
const mostValues = 500_000;

/**
 * Reads one YAML 1.2 document as what JSON can say: no custom tags, no merge keys, bounded aliases, each key
 * once. Throws a UserError with file:line.
 */
export function parseYaml(source: string, file: string): Document {
  checkSize(Buffer.byteLength(source), file);
  const text = source.replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new UserError(exit.usage, `${file}: is empty`);
  refuseDepth(text, file);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
    // Not 'silent', which would pass over a second document.
    logLevel: 'error',
  });
  const place = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  // A tag that nothing resolves is only a warning to the library.
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined)
    throw new UserError(exit.usage, `${place(problem.pos[0])}: not YAML (${problem.message})`);

  const offsetOf = (path: Path): number | undefined => {
    const last = path.at(-1);
    const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
    const key = isMap(parent)
      ? parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(last))
          ?.key
      : undefined;
    const node = key ?? document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  };
  const where = (path: Path): string => {
    for (let length = path.length; length >= 0; length--) {
      const offset = offsetOf(path.slice(0, length));
      if (offset !== undefined) return place(offset);
    }
    return file;
  };
  return { value: jsonOf(expanded(document, file), where), where };
}

function expanded(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new UserError(exit.usage, `${file}: its aliases expand too far, or to nothing`);
  }
}

/** Refuses nesting before the parser sees it, which recurses: brackets, and `- - -` on one line. */
function refuseDepth(text: string, file: string): void {
  let brackets = 0;
  let dashes = 0;
  let line = 1;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets -= 1;
    else if (token === '-' || token === '?') dashes += 1;
    if (brackets > limits.depth || dashes > limits.depth)
      throw new UserError(exit.usage, `${file}:${line}: nested deeper than ${limits.depth}`);
    for (let at = token.indexOf('\n'); at !== -1; at = token.indexOf('\n', at + 1)) {
      line += 1;
      dashes = 0;
    }
  }
}

/** A copy that is a tree of JSON values; an alias that contains itself is found by its depth. */
function jsonOf(root: unknown, where: (path: Path) => string): JsonValue {
  let values = 0;
  const refusal = (path: Path, why: string) => new UserError(exit.usage, `${where(path)}: ${why}`);
  const copy = (value: unknown, path: Path): JsonValue => {
    values += 1;
    if (values > mostValues) throw refusal(path, `more than ${mostValues} values`);
    if (path.length > limits.depth) throw refusal(path, `nested deeper than ${limits.depth}`);
    if (value === null || value === undefined) return null;
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw refusal(path, `${value} is no number in JSON`);
      return value;
    }
    if (Array.isArray(value)) return value.map((item, at) => copy(item, [...path, at]));
    if (typeof value !== 'object') throw refusal(path, `a ${typeof value} is no value in JSON`);
    const result: Record<string, JsonValue> = {};
    for (const [key, item] of Object.entries(value)) {
      if (key === '__proto__') throw refusal([...path, key], `the key ${quote(key)} is refused`);
      result[key] = copy(item, [...path, key]);
    }
    return result;
  };
  return copy(root, []);
}
