/** Entries per chunk before it is split: small enough to splice cheaply, large enough to keep the list of chunks short. */
const CHUNK = 256;

interface Chunk<T> {
  keys: string[];
  values: T[];
}

/** Greater than any key, which is made of chars below 256. */
export const AFTER_ALL = '\uffff';

/**
 * A list of (key, value) pairs in key order, in chunks of a few hundred: insertion, removal and the start of a range cost a
 * binary search and one short splice, and a count of a range does not touch what lies between its ends.
 * Equal keys are kept in order of insertion.
 */
export class SortedList<T> {
  private chunks: Chunk<T>[] = [];
  size = 0;
  /** Counts changes, so that a walk notices them. */
  private changes = 0;
  private readonly ageOf: ((value: T) => number) | undefined;

  /** @param ageOf a number that rises from value to value as they are added: finds one among many equal keys */
  constructor(ageOf?: (value: T) => number) {
    this.ageOf = ageOf;
  }

  /** Replaces the content by entries that are already in order. */
  load(entries: readonly (readonly [key: string, value: T])[]): void {
    this.changes++;
    this.chunks = [];
    this.size = entries.length;
    for (let from = 0; from < entries.length; from += CHUNK / 2) {
      const part = entries.slice(from, from + CHUNK / 2);
      this.chunks.push({ keys: part.map(([key]) => key), values: part.map(([, value]) => value) });
    }
  }

  add(key: string, value: T): void {
    this.size++;
    this.changes++;
    const last = this.chunks.at(-1);
    if (!last) {
      this.chunks.push({ keys: [key], values: [value] });
      return;
    }
    const rising = (last.keys[last.keys.length - 1] ?? '') <= key;
    const at = rising ? this.chunks.length - 1 : this.chunkFor(key, true);
    const chunk = this.chunks[at] ?? last;
    const slot = rising ? chunk.keys.length : search(chunk.keys, key, true);
    if (slot === chunk.keys.length) {
      chunk.keys.push(key);
      chunk.values.push(value);
    } else {
      chunk.keys.splice(slot, 0, key);
      chunk.values.splice(slot, 0, value);
    }
    if (chunk.keys.length > CHUNK) this.split(at, rising);
  }

  /** Removes the pair; false when it was not there. */
  remove(key: string, value: T): boolean {
    const first = this.chunkFor(key);
    const likely = this.ageOf ? this.chunkByAge(first, key, this.ageOf(value)) : first;
    return (
      this.removeFrom(likely, key, value) || (likely > first && this.removeFrom(first, key, value))
    );
  }

  private removeFrom(first: number, key: string, value: T): boolean {
    for (let at = first; at < this.chunks.length; at++) {
      const { keys, values } = this.chunks[at] ?? { keys: [], values: [] };
      const start = keys[0] === key ? 0 : search(keys, key);
      if (start < keys.length && keys[start] !== key) return false;
      const slot = values.indexOf(value, start);
      if (slot < 0 || keys[slot] !== key) continue;
      keys.splice(slot, 1);
      values.splice(slot, 1);
      if (keys.length === 0) this.chunks.splice(at, 1);
      this.size--;
      this.changes++;
      return true;
    }
    return false;
  }

  /** Number of entries with from <= key < to. */
  count(from: string, to: string): number {
    if (from >= to) return 0;
    const first = this.chunkFor(from);
    const last = this.chunkFor(to);
    let total = 0;
    for (let at = first; at <= last; at++) {
      const keys = this.chunks[at]?.keys ?? [];
      const start = at === first ? search(keys, from) : 0;
      const end = at === last ? search(keys, to) : keys.length;
      total += Math.max(0, end - start);
    }
    return total;
  }

  /** The values with from <= key < to, in key order or backwards, as they are now. */
  slice(from: string, to: string, backwards = false): T[] {
    const found: T[] = [];
    if (from >= to) return found;
    const first = this.chunkFor(from);
    const last = this.chunkFor(to);
    for (let step = 0; step <= last - first; step++) {
      const at = backwards ? last - step : first + step;
      const { keys, values } = this.chunks[at] ?? { keys: [], values: [] };
      const start = at === first ? search(keys, from) : 0;
      const end = at === last ? search(keys, to) : keys.length;
      if (backwards) for (let i = end - 1; i >= start; i--) found.push(values[i] as T);
      else for (let i = start; i < end; i++) found.push(values[i] as T);
    }
    return found;
  }

  /**
   * The values of a range one by one, for a reader that may stop early or pause. When the list was changed meanwhile,
   * the walk goes on behind the last entry it gave.
   */
  *walk(from: string, to: string, backwards = false): Generator<T> {
    const step = backwards ? -1 : 1;
    let place = this.place(backwards ? to : from, false, step);
    let { changes } = this;
    let last: string | undefined;
    let given: T[] = [];
    for (;;) {
      const key = this.chunks[place.at]?.keys[place.slot];
      if (key === undefined || (backwards ? key < from : key >= to)) return;
      const value = this.chunks[place.at]?.values[place.slot] as T;
      if (key !== last) given = [];
      last = key;
      given.push(value);
      yield value;
      if (changes === this.changes) {
        this.move(place, step);
        continue;
      }
      changes = this.changes;
      const old = new Set(given);
      place = this.place(key, backwards, step);
      while (this.chunks[place.at]?.keys[place.slot] === key) {
        if (!old.has(this.chunks[place.at]?.values[place.slot] as T)) break;
        this.move(place, step);
      }
    }
  }

  /** Where a walk starts: forward at the first entry that is at least `key`, backwards at the last one before that. */
  private place(key: string, past: boolean, step: number): { at: number; slot: number } {
    const at = this.chunkFor(key, past);
    const place = { at, slot: search(this.chunks[at]?.keys ?? [], key, past) };
    this.move(place, step > 0 ? 0 : -1);
    return place;
  }

  /** Moves a place by one entry, or with 0 just into the next chunk when it stands behind the end of one. */
  private move(place: { at: number; slot: number }, step: number): void {
    place.slot += step;
    const size = this.chunks[place.at]?.keys.length ?? 0;
    if (place.slot < 0) {
      place.at--;
      place.slot = (this.chunks[place.at]?.keys.length ?? 0) - 1;
    } else if (place.slot >= size) {
      place.at++;
      place.slot = 0;
    }
  }

  /** Among chunks that end with `key`, from `first` on: the first whose last value is as old as `age` or younger. */
  private chunkByAge(first: number, key: string, age: number): number {
    let low = first;
    let high = this.chunkFor(key, true);
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.chunks[middle]?.values.at(-1);
      if (last !== undefined && this.ageOf && this.ageOf(last) < age) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first chunk that ends at or after `key` (with `past`: after it), else the last one. */
  private chunkFor(key: string, past = false): number {
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const keys = this.chunks[middle]?.keys ?? [];
      const end = keys[keys.length - 1] ?? '';
      if (end < key || (past && end === key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Halves a full chunk; one that grows at its end stays full, so that rising keys leave full chunks behind. */
  private split(at: number, rising: boolean): void {
    const chunk = this.chunks[at];
    if (!chunk) return;
    const middle = rising ? chunk.keys.length - 1 : chunk.keys.length >> 1;
    const right = { keys: chunk.keys.splice(middle), values: chunk.values.splice(middle) };
    this.chunks.splice(at + 1, 0, right);
  }
}

/** The first slot whose key is at least `key`, or with `past`, greater than it. */
function search(keys: readonly string[], key: string, past = false): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const found = keys[middle] ?? '';
    if (found < key || (past && found === key)) low = middle + 1;
    else high = middle;
  }
  return low;
}
