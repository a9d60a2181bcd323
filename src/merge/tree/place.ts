import { indentOf } from '../indent.ts';

/** Finds lines by offset. */
export class Places {
  readonly #starts: number[] = [0];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  /** The line of this offset, counted from 1. */
  line(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The white space before the line of this offset. */
  indent(offset: number): string {
    const from = this.#starts[this.line(offset) - 1] ?? 0;
    const end = this.#source.indexOf('\n', from);
    return indentOf(this.#source.slice(from, end === -1 ? undefined : end));
  }
}
