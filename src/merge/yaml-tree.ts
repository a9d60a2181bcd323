import {
  type CST,
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  visit,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { shift, unitOf } from './indent.ts';
import { Places } from './tree/place.ts';
import type { Item, Leaf, List, Part, Tree } from './tree/types.ts';

/** Lists whose order is meaning: a command and its arguments. They are one value. */
const ordered = new Set(['command', 'entrypoint', 'args', 'test']);

/**
 * YAML as a tree of keys and list entries; `undefined` for what is merged by its lines only: several documents,
 * anchors and aliases, and what does not parse.
 */
export function yamlTree(source: string): Tree | undefined {
  const documents = parseAllDocuments(source, { keepSourceTokens: true });
  const [document] = documents;
  if (document === undefined) return emptyTree(source);
  if (documents.length > 1 || !('errors' in document)) return undefined;
  const { contents } = document;
  if (document.errors.length === 0 && contents === null) return emptyTree(source);
  if (document.errors.length > 0 || !isCollection(contents) || contents.flow === true) {
    return undefined;
  }
  if (hasAnchors(document)) return undefined;
  const builder = new Builder(source);
  // Comments before the first key are what the file begins with.
  const start = contents.range?.[0] ?? 0;
  const parts = builder.value(contents, start, undefined);
  const end = builder.endOf(contents, start);
  return {
    parts: [builder.leaf(0, start), ...parts, builder.leaf(end, source.length)],
    unit: unitOf(source),
  };
}

/** Whether a document has anchors, aliases or merge keys: what one place says then depends on another. */
function hasAnchors(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias: () => void (found = true),
    Value: (_key, { anchor }) => void (found ||= anchor !== undefined),
  });
  return found;
}

/** A file without any keys, as a map that has none yet. */
function emptyTree(source: string): Tree {
  const builder = new Builder(source);
  const end = source.length;
  const list: List = {
    kind: 'list',
    shape: 'map',
    order: 'keyed',
    comma: false,
    head: '',
    items: [],
    tail: '',
    indent: '',
    line: 1,
  };
  const parts = [builder.leaf(0, end), builder.leaf(end, end), list, builder.leaf(end, end)];
  return { parts, unit: unitOf(source) };
}

/** One entry of a collection: where it begins, where its value may begin, and the value. */
interface Entry {
  readonly start: number;
  readonly open: number;
  readonly key: string | undefined;
  readonly value: unknown;
}

class Builder {
  readonly #source: string;
  readonly #places: Places;

  constructor(source: string) {
    this.#source = source;
    this.#places = new Places(source);
  }

  leaf(from: number, to: number): Leaf {
    const text = this.#source.slice(from, to);
    return { kind: 'leaf', text, code: text.trim().replaceAll(/[ \t]+/g, ' ') };
  }

  /** A value that may begin at this offset, and everything from there on to its end. */
  value(value: unknown, open: number, key: string | undefined): readonly Part[] {
    const entries = this.#entries(value, key);
    const end = this.endOf(value, open);
    if (entries === undefined) return [this.leaf(open, end)];
    return [this.leaf(open, open), this.#list(entries, open, end, isMap(value))];
  }

  /** The end of the text of a value, without the comment behind it; of a collection, of its last line. */
  endOf(value: unknown, open: number): number {
    const entries = this.#entries(value, undefined);
    const last = entries?.at(-1);
    if (last !== undefined) return this.#lineEnd(this.endOf(last.value, last.open));
    if (!isNode(value) || (isScalar(value) && value.source === '')) return open;
    const [from, to] = value.range ?? [open, open];
    if (from < open || to <= from) return open;
    return from + this.#source.slice(from, to).trimEnd().length;
  }

  #lineEnd(offset: number): number {
    const end = this.#source.indexOf('\n', offset);
    return end === -1 ? this.#source.length : end;
  }

  #list(entries: readonly Entry[], open: number, end: number, map: boolean): List {
    let at = open;
    const items = entries.map((entry): Item => {
      const { start, key, value } = entry;
      const lead = this.#source.slice(at, start);
      const stop = this.endOf(value, entry.open);
      const lineEnd = this.#lineEnd(stop);
      at = lineEnd;
      const text = this.#source.slice(start, stop);
      const parts = () => [
        this.leaf(start, entry.open),
        ...this.value(value, entry.open, map ? key : undefined),
      ];
      const indent = ' '.repeat(start - this.#source.lastIndexOf('\n', start - 1) - 1);
      const unit = '  ';
      return {
        key,
        name: key ?? text.split('\n', 1)[0] ?? text,
        shape: map ? 'pair' : 'entry',
        free: true,
        lead,
        text,
        code: shift(text, { indent, unit }, { indent: '', unit }),
        get parts() {
          return parts();
        },
        comma: false,
        after: this.#source.slice(stop, lineEnd),
        indent,
        line: this.#places.line(start),
        rigid: false,
      };
    });
    return {
      kind: 'list',
      shape: map ? 'map' : 'block',
      order: map ? 'keyed' : 'elements',
      comma: false,
      head: '',
      items,
      tail: this.#source.slice(at, end),
      indent: this.#places.indent(open),
      line: this.#places.line(open),
    };
  }

  /** The entries of a block collection; `undefined` for anything else. */
  #entries(value: unknown, key: string | undefined): readonly Entry[] | undefined {
    if (isMap(value) && value.flow !== true) return pairsOf(value);
    if (isSeq(value) && value.flow !== true && !ordered.has(key ?? '')) return elementsOf(value);
    return undefined;
  }
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

function pairsOf(map: YAMLMap): readonly Entry[] | undefined {
  const tokens = tokensOf(map);
  const entries = map.items.map(({ key, value }, at): Entry | undefined => {
    const colon = tokens?.[at]?.sep?.find(({ type }) => type === 'map-value-ind');
    if (!isScalar(key) || !key.range || colon === undefined) return undefined;
    return { start: key.range[0], open: colon.offset + 1, key: String(key.value), value };
  });
  return complete(entries);
}

function elementsOf(seq: YAMLSeq): readonly Entry[] | undefined {
  const tokens = tokensOf(seq);
  const entries = seq.items.map((value, at): Entry | undefined => {
    const dash = tokens?.[at]?.start.find(({ type }) => type === 'seq-item-ind');
    if (dash === undefined) return undefined;
    return { start: dash.offset, open: dash.offset + 1, key: nameIn(value), value };
  });
  return complete(entries);
}

function tokensOf({ srcToken }: YAMLMap | YAMLSeq): readonly CST.CollectionItem[] | undefined {
  if (srcToken?.type !== 'block-map' && srcToken?.type !== 'block-seq') return undefined;
  return srcToken.items;
}

function complete(entries: readonly (Entry | undefined)[]): readonly Entry[] | undefined {
  const known = entries.filter((entry) => entry !== undefined);
  return known.length === entries.length && known.length > 0 ? known : undefined;
}

/** What an entry of a list is known by: the name, id or action of a step. */
function nameIn(value: unknown): string | undefined {
  if (!isMap(value)) return undefined;
  for (const key of ['name', 'id', 'uses', 'package-ecosystem']) {
    const named = value.get(key);
    if (typeof named === 'string') return `${key}:${named.split('@', 1)[0] ?? ''}`;
  }
  return undefined;
}
