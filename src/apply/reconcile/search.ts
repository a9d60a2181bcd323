import { posix } from 'node:path';
import { movedTo, type FolderMoves } from './moves.ts';
import type { Item, Sources } from './types.ts';

/** Looks for a file that is not at its place. The places it gives are sure when there is one, and guesses when there are more. */
export function searchFor(
  folders: FolderMoves,
  { strays, base }: Pick<Sources, 'strays' | 'base'>,
): (item: Item) => Promise<readonly string[]> {
  return async ({ path, from, known }) => {
    const found = await strays(path);
    const place = folders.placeFor(path);
    if (place !== undefined && found.some((stray) => stray.path === place)) return [place];
    if (known?.base === undefined || known.kind === 'bin') return [];
    return movedTo(await base(known.base), found, posix.basename(from));
  };
}
