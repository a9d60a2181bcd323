import { createScanner, findNodeAtLocation, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { exit, UserError } from '../errors.ts';
import { quote } from './names.ts';
import { limits, type JsonValue } from './schema.ts';

// Members of jsonc-parser's SyntaxKind: a const enum, which isolated modules cannot read.
const bracketOpen = 1;
const bracketClose = 2;
const arrayOpen = 3;
const arrayClose = 4;
const endOfText = 17;

/** Where in a document something lies: object keys and list places. */
export type Path = readonly (string | number)[];

/** A parsed document, and `file:line` of any place in it (of its nearest parent when it is absent). */
export interface Document {
  value: JsonValue;
  where: (path: Path) => string;
}

/**
 * Reads JSON, with comments and trailing commas allowed. Throws a UserError with file:line for what is too
 * large, too deep or no JSON, for a key written twice and for the key `__proto__`.
 */
export function parseJson(source: string, file: string): Document {
  checkSize(Buffer.byteLength(source), file);
  const text = source.replace(/^\uFEFF/, '');
  const place: Place = (offset) => `${file}:${lineOf(text, offset)}`;
  if (text.trim() === '') throw new UserError(exit.usage, `${file}: is empty`);
  // Measured before parsing: the parser recurses, and a deep text would overflow it.
  const tooDeep = offsetBelow(text, limits.depth);
  if (tooDeep !== undefined)
    throw new UserError(exit.usage, `${place(tooDeep)}: nested deeper than ${limits.depth}`);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const error = errors[0];
  if (error !== undefined || tree === undefined) {
    const what = error === undefined ? 'no value' : spaced(printParseErrorCode(error.error));
    throw new UserError(exit.usage, `${place(error?.offset ?? 0)}: not JSON (${what})`);
  }
  return {
    value: valueOf(tree, place),
    where: (path) => {
      for (let length = path.length; length >= 0; length--) {
        const node = findNodeAtLocation(tree, path.slice(0, length));
        if (node !== undefined)
          return place((node.parent?.type === 'property' ? node.parent : node).offset);
      }
      return file;
    },
  };
}

/** Throws a UserError when a file of so many bytes is larger than a spec may be. */
export function checkSize(bytes: number, file: string): void {
  if (bytes > limits.bytes)
    throw new UserError(exit.usage, `${file} is larger than ${limits.bytes / 1e6} MB`);
}

type Place = (offset: number) => string;

/** The offset of the first bracket below so many levels. */
function offsetBelow(text: string, most: number): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== endOfText; token = scanner.scan()) {
    if (token === bracketOpen || token === arrayOpen) depth += 1;
    if (token === bracketClose || token === arrayClose) depth -= 1;
    if (depth > most) return scanner.getTokenOffset();
  }
  return undefined;
}

function valueOf(node: Node, place: Place): JsonValue {
  const children = node.children ?? [];
  if (node.type === 'array') return children.map((child) => valueOf(child, place));
  if (node.type !== 'object') return node.value as JsonValue;
  const result: Record<string, JsonValue> = {};
  for (const property of children) {
    const [name, value] = property.children ?? [];
    if (name === undefined || value === undefined) continue;
    const key = String(name.value);
    if (key === '__proto__')
      throw new UserError(exit.usage, `${place(property.offset)}: the key "__proto__" is refused`);
    if (Object.hasOwn(result, key))
      throw new UserError(
        exit.usage,
        `${place(property.offset)}: the key ${quote(key)} is written twice`,
      );
    result[key] = valueOf(value, place);
  }
  return result;
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1))
    line += 1;
  return line;
}

/** `ValueExpected` → `value expected`. */
function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
