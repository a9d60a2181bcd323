import { numberReader, orderable } from '../values/pick-fields.ts';
import type { Find, Found } from './query.ts';
import { compileSort } from './sort.ts';

/** From here on it is cheaper to sort everything than to cut again and again. */
const mostKept = 10_000;

/** The first documents in the order of a query: keeps no more than twice as many as are asked for. */
export class Best {
  readonly #end: number;
  readonly #compare: (a: Found, b: Found) => number;
  readonly #direction: number;
  readonly #read: ReturnType<typeof numberReader> | undefined;
  #kept: Found[] = [];
  #worst: Found | undefined;
  /** The first sort key of the worst one kept, where it is a number or a date. */
  #limit = NaN;
  #kind: readonly number[] = orderable.numbers;

  /** @param end how many are asked for; Infinity: all */
  constructor({ sort = {}, collation }: Find, end: number) {
    const compare = compileSort(sort, collation);
    const [path = '', way] = Object.entries(sort)[0] ?? [];
    this.#end = end;
    this.#compare = (a, b) => compare(a.doc, b.doc);
    this.#direction = Number(way);
    this.#read = typeof way === 'object' || path.includes('.') ? undefined : numberReader(path);
  }

  /** Whether a document comes behind all that are asked for, as its first sort key alone says: it need not be read. */
  beyond(bytes: Buffer): boolean {
    if (this.#read === undefined || Number.isNaN(this.#limit)) return false;
    return (this.#read(bytes, this.#kind) - this.#limit) * this.#direction > 0;
  }

  /** All matches in order, or as many as are asked for. */
  of(matches: Iterable<Found>): Found[] {
    if (this.#end > mostKept) return [...matches].sort(this.#compare);
    for (const found of matches) this.#add(found);
    return this.#cut();
  }

  #add(found: Found): void {
    if (this.#worst && this.#compare(found, this.#worst) >= 0) return;
    this.#kept.push(found);
    if (this.#kept.length < Math.max(2 * this.#end, 64)) return;
    this.#kept = this.#cut();
    this.#worst = this.#kept[this.#end - 1];
    this.#remember(this.#worst?.version.bytes);
  }

  #cut(): Found[] {
    return this.#kept.sort(this.#compare).slice(0, this.#end);
  }

  #remember(bytes: Buffer | undefined): void {
    for (const kind of [orderable.numbers, orderable.dates]) {
      this.#kind = kind;
      this.#limit = bytes && this.#read ? this.#read(bytes, kind) : NaN;
      if (!Number.isNaN(this.#limit)) return;
    }
  }
}
