import path from 'node:path';
import { utf8Text } from '../../utf8.ts';

/** A file of the user that may be one of ours under another name. */
export interface Stray {
  readonly path: string;
  readonly content: Uint8Array;
}

/** From this share of equal lines on two files are taken for one. */
const alike = 0.6;
/** So much better than the next one must the best be. */
const margin = 0.15;

/** Places that folders were moved to, as they are learnt file by file. */
export class FolderMoves {
  readonly #seen = new Map<string, Map<string, number>>();

  /** @param known files that lie elsewhere already: places of the generator, and where they lie */
  constructor(known: ReadonlyMap<string, string> = new Map()) {
    for (const [from, to] of known) this.learn(from, to);
  }

  /** A file that kept its name and lies in another folder now. */
  learn(from: string, to: string): void {
    if (path.posix.basename(from) !== path.posix.basename(to)) return;
    const folder = path.posix.dirname(from);
    const places = this.#seen.get(folder) ?? new Map<string, number>();
    const place = path.posix.dirname(to);
    places.set(place, (places.get(place) ?? 0) + 1);
    this.#seen.set(folder, places);
  }

  /** Where a file would lie that went with at least two others of its folder. */
  placeFor(file: string): string | undefined {
    const places = [...(this.#seen.get(path.posix.dirname(file)) ?? [])];
    const [place] = places.find(([, count]) => count >= 2) ?? [];
    if (place === undefined) return undefined;
    return place === '.' ? path.posix.basename(file) : `${place}/${path.posix.basename(file)}`;
  }
}

/**
 * The strays that may be a file which was moved, the likeliest first: one when it is sure, several when it is not.
 *
 * @param base the file as it was emitted
 * @param name what it was called: a folder that moves takes its files along under their names
 */
export function movedTo(
  base: Uint8Array,
  strays: readonly Stray[],
  name: string,
): readonly string[] {
  const lines = linesOf(base);
  const scored = strays
    .map((stray) => ({ path: stray.path, score: dice(lines, linesOf(stray.content)) }))
    .filter(({ score }) => score >= alike)
    .sort((a, b) => b.score - a.score);
  const [best, next] = scored;
  if (best === undefined) return [];
  const called = scored.filter((one) => path.posix.basename(one.path) === name);
  if (called.length === 1 && called[0] === best && next?.score !== best.score) return [best.path];
  const sure =
    next === undefined || (best.score === 1 ? next.score < 1 : best.score - next.score >= margin);
  return sure ? [best.path] : scored.map((one) => one.path);
}

/** Lines without what surrounds them, and how often each is there. */
function linesOf(content: Uint8Array): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of utf8Text(content).split('\n')) {
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** How much of two sets of lines is common to both: 0 nothing, 1 everything. */
function dice(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const total = sum(a) + sum(b);
  let common = 0;
  for (const [line, count] of a) common += Math.min(count, b.get(line) ?? 0);
  return total === 0 ? 0 : (2 * common) / total;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, count) => all + count, 0);
}
