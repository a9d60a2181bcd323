import type { Node } from '@babel/types';
import { childrenOf, endOf, startOf } from '../../render/syntax.ts';
import { unitOf } from '../indent.ts';
import { gapOf } from '../tree/gap.ts';
import { Places } from '../tree/place.ts';
import type { Item, Leaf, List, ListOrder, Part, Tree } from '../tree/types.ts';
import { codeReader } from './code.ts';
import { identityOf, type CodeOf } from './keys.ts';
import { Lists, type Member, type Span } from './lists.ts';
import type { Source } from './parse.ts';

/** TypeScript or JavaScript as a tree of declarations, members, properties, elements and statements. */
export function codeTree(source: Source): Tree {
  const builder = new Builder(source);
  return { parts: builder.file(), unit: unitOf(source.text) };
}

class Builder {
  readonly #text: string;
  readonly #lists: Lists;
  readonly #places: Places;
  readonly #codeOf: CodeOf;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    this.#lists = new Lists(source);
    this.#places = new Places(source.text);
    this.#codeOf = codeReader(source);
  }

  file(): readonly Part[] {
    const span = this.#lists.file();
    return [this.#leaf(0, span.open), this.#list(span)];
  }

  #leaf(from: number, to: number): Leaf {
    return { kind: 'leaf', text: this.#text.slice(from, to), code: this.#codeOf(from, to) };
  }

  #list({ open, close, shape, order, comma, nodes }: Span): List {
    const items: Item[] = [];
    const places = this.#places;
    let end = open;
    let head = '';
    for (const [at, member] of nodes.entries()) {
      let lead = this.#text.slice(end, member.start);
      if (at === 0) {
        head = headOf(lead, shape === 'array');
        lead = lead.slice(head.length);
      }
      const gap = gapOf(this.#text, member.end, nodes[at + 1]?.start ?? close);
      end = gap.lead;
      items.push(this.#item(member, lead, gap, order));
    }
    return {
      kind: 'list',
      shape,
      order,
      comma,
      head,
      items,
      tail: this.#text.slice(end, close),
      indent: places.indent(open),
      line: places.line(open),
    };
  }

  #item(
    member: Member,
    lead: string,
    gap: { readonly comma: boolean; readonly after: string },
    order: ListOrder,
  ): Item {
    const { start, end, node } = member;
    const text = this.#text.slice(start, end);
    const identity = member.identity ?? identityOf(node, this.#codeOf);
    // Entries of an array may stand beside each other in any order.
    const free = identity.free || order === 'elements';
    const parts = () => this.#parts(member);
    const code = () => this.#codeOf(start, end);
    const rigid = () => this.#isRigid(start, end);
    let known: { readonly code?: string } = {};
    return {
      ...identity,
      free,
      lead,
      text,
      comma: gap.comma,
      after: gap.after,
      indent: this.#places.indent(start),
      line: this.#places.line(start),
      get code() {
        known = known.code === undefined ? { code: code() } : known;
        return known.code ?? '';
      },
      get parts() {
        return parts();
      },
      get rigid() {
        return rigid();
      },
    };
  }

  /** The outermost lists within an item, and the text between them. */
  #parts({ start, end, node, identity }: Member): readonly Part[] {
    const spans: Span[] = [];
    const link = identity === undefined ? undefined : this.#lists.link(node);
    if (link !== undefined) spans.push(link);
    else this.#collect(node, spans);
    spans.sort((a, b) => a.open - b.open);
    const parts: Part[] = [];
    let at = start;
    for (const span of spans) {
      parts.push(this.#leaf(at, span.open), this.#list(span));
      at = span.close;
    }
    return [...parts, this.#leaf(at, end)];
  }

  #collect(node: Node, spans: Span[]): void {
    const span = this.#lists.of(node);
    if (span !== undefined) spans.push(span);
    for (const child of childrenOf(node)) {
      const inside =
        span !== undefined && startOf(child) >= span.open && endOf(child) <= span.close;
      const around = span !== undefined && startOf(child) <= span.open && endOf(child) > span.open;
      if (around && span.shape === 'chain') this.#collectRoot(child, span, spans);
      else if (!inside) this.#collect(child, spans);
    }
  }

  /** Of a chain only what it begins with is left to look into. */
  #collectRoot(node: Node, chain: Span, spans: Span[]): void {
    if (endOf(node) <= chain.open) {
      this.#collect(node, spans);
      return;
    }
    for (const child of childrenOf(node)) {
      if (startOf(child) < chain.open) this.#collectRoot(child, chain, spans);
    }
  }

  /** Whether a token goes over several lines: the indentation of those is content. */
  #isRigid(from: number, to: number): boolean {
    return this.#source.tokens.some(
      ({ start, end, comment }) =>
        start >= from && end <= to && !comment && this.#text.slice(start, end).includes('\n'),
    );
  }
}

/** The comments before the first item that belong to the list: those of an array, and what a blank line sets apart. */
function headOf(lead: string, array: boolean): string {
  if (lead.trim() === '') return '';
  if (array) return lead.slice(0, Math.max(0, lead.lastIndexOf('\n')));
  const blank = lead.match(/^[^]*(?=\n[ \t]*\n)/)?.[0] ?? '';
  return blank.trim() === '' ? '' : blank;
}
