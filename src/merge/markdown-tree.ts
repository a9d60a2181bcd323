import type { Item, Leaf, List, Tree } from './tree/types.ts';

/** What a line of a Markdown table says: rows are padded to the widest cell, one long word lays all of them out anew. */
export function withoutPadding(line: string): string {
  if (!line.startsWith('|')) return line;
  return line.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}

/** Markdown as a tree of its sections: what stands below a heading, and the sections below that. */
export function markdownTree(source: string): Tree {
  const lines = source.split('\n');
  const headings = headingsOf(lines);
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  const builder = new Builder(source, starts, headings);
  return { parts: builder.parts(0, 0, headings.length, 0, source.length), unit: '  ' };
}

interface Heading {
  /** The index of its line. */
  readonly at: number;
  readonly level: number;
  readonly name: string;
}

const fence = /^ {0,3}(`{3,}|~{3,})/;

/** The headings that begin with `#`, outside blocks of code. */
function headingsOf(lines: readonly string[]): readonly Heading[] {
  const headings: Heading[] = [];
  let open = '';
  for (const [at, line] of lines.entries()) {
    const marks = fence.exec(line)?.[1];
    if (open !== '') {
      if (marks !== undefined && marks.startsWith(open) && line.trim() === marks) open = '';
      continue;
    }
    if (marks !== undefined) {
      open = marks;
      continue;
    }
    const [, signs, name] = /^(#{1,6})[ \t]+(.*)$/.exec(line) ?? [];
    if (signs === undefined || name === undefined) continue;
    headings.push({ at, level: signs.length, name: name.trim() });
  }
  return headings;
}

class Builder {
  readonly #source: string;
  readonly #starts: readonly number[];
  readonly #headings: readonly Heading[];

  constructor(source: string, starts: readonly number[], headings: readonly Heading[]) {
    this.#source = source;
    this.#starts = starts;
    this.#headings = headings;
  }

  /** A text and the sections in it: those of `headings[from..to)`; it begins at an offset and ends before another. */
  parts(
    line: number,
    from: number,
    to: number,
    open: number,
    close: number,
  ): readonly [Leaf, List] {
    const tops = this.#tops(from, to);
    const first = tops[0];
    const body = this.#trimmed(open, first === undefined ? close : this.#start(first));
    const items: Item[] = [];
    let end = body;
    for (const [at, top] of tops.entries()) {
      const next = tops[at + 1];
      const stop = this.#trimmed(this.#start(top), next === undefined ? close : this.#start(next));
      items.push(this.#item(top, next ?? to, end, stop));
      end = stop;
    }
    const list: List = {
      kind: 'list',
      shape: 'sections',
      order: 'keyed',
      comma: false,
      head: '',
      items,
      tail: this.#source.slice(end, close),
      indent: '',
      line: line + 1,
    };
    return [this.#leaf(open, body), list];
  }

  /** The indices of the headings that no other one of these stands above. */
  #tops(from: number, to: number): readonly number[] {
    const tops: number[] = [];
    let level = Number.POSITIVE_INFINITY;
    for (let at = from; at < to; at++) {
      const heading = this.#headings[at];
      if (heading === undefined || heading.level > level) continue;
      level = heading.level;
      tops.push(at);
    }
    return tops;
  }

  #item(index: number, next: number, end: number, stop: number): Item {
    const { name = '', level = 1, at = 0 } = this.#headings[index] ?? {};
    const start = this.#start(index);
    const text = this.#source.slice(start, stop);
    const parts = () => this.parts(at, index + 1, next, start, stop);
    return {
      key: `${'#'.repeat(level)} ${name}`,
      name: `the section '${name}'`,
      shape: 'section',
      free: true,
      lead: this.#source.slice(end, start),
      text,
      code: codeOf(text),
      get parts() {
        return parts();
      },
      comma: false,
      after: '',
      indent: '',
      line: at + 1,
      rigid: true,
    };
  }

  #leaf(from: number, to: number): Leaf {
    const text = this.#source.slice(from, to);
    return { kind: 'leaf', text, code: codeOf(text) };
  }

  #start(index: number): number {
    return this.#starts[this.#headings[index]?.at ?? 0] ?? 0;
  }

  /** The end of a stretch without the white space at it. */
  #trimmed(from: number, to: number): number {
    return from + this.#source.slice(from, to).trimEnd().length;
  }
}

const codeOf = (text: string) => text.split('\n').map(withoutPadding).join('\n');
