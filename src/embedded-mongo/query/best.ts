import { FieldOrder, type Orderable } from '../values/pick-fields.ts';
import type { Find, Found } from './query.ts';
import { compileSort } from './sort.ts';

/** From here on it is cheaper to sort everything than to cut again and again. */
const mostKept = 10_000;

/** The first documents in the order of a query: keeps no more than twice as many as are asked for. */
export class Best {
  readonly #end: number;
  readonly #compare: (a: Found, b: Found) => number;
  readonly #direction: number;
  /** Compares the first sort key by its bytes, where that is possible. */
  readonly #order: FieldOrder | undefined;
  readonly #collated: boolean;
  #kept: Found[] = [];
  #worst: Found | undefined;
  /** The first sort key of the worst one kept, where its bytes can be compared. */
  #limit: Orderable | undefined;

  /** @param end how many are asked for; Infinity: all */
  constructor({ sort = {}, collation }: Find, end: number) {
    const compare = compileSort(sort, collation);
    const [path = '', way] = Object.entries(sort)[0] ?? [];
    this.#end = end;
    this.#compare = (a, b) => compare(a.doc, b.doc);
    this.#direction = Number(way);
    this.#collated = collation !== undefined;
    this.#order = typeof way === 'object' || path.includes('.') ? undefined : new FieldOrder(path);
  }

  /** Whether a document comes behind all that are asked for, as its first sort key alone says: it need not be read. */
  beyond(bytes: Buffer): boolean {
    if (this.#limit === undefined) return false;
    return (this.#order?.compare(bytes, this.#limit) ?? 0) * this.#direction > 0;
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
    const limit = this.#worst?.version.bytes && this.#order?.read(this.#worst.version.bytes);
    this.#limit = limit?.kind === 'string' && this.#collated ? undefined : limit;
  }

  #cut(): Found[] {
    return this.#kept.sort(this.#compare).slice(0, this.#end);
  }
}
