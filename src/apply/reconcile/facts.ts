import { relocated, sameContent } from '../../merge/index.ts';
import { bytesOf, sha256 } from '../hash.ts';
import type { Facts } from './rows.ts';
import type { Item, Sources } from './types.ts';

/**
 * Whether the generator wants the very file that it emitted last. A file that is to lie elsewhere is another one, unless
 * the user has moved it anyway.
 */
export function isUnchanged({ path, from, known, theirs }: Item): boolean {
  if (theirs === undefined || known?.base === undefined) return false;
  if (from !== path && known.at === undefined) return false;
  const mode = known.mode ?? '644';
  return theirs.mode.toString(8) === mode && sha256(theirs.content) === known.base;
}

/** The facts of one file, for the table. Its place on disk tells what its imports are relative to. */
export async function factsOf(
  item: Item,
  at: string,
  ours: Uint8Array | undefined,
  sources: Sources,
): Promise<Facts> {
  const { known, theirs } = item;
  return {
    kind: theirs?.merge ?? known?.kind ?? 'text',
    base: known === undefined ? 'none' : 'there',
    ours: await ourFact(item, at, ours, sources),
    theirs: theirs === undefined ? 'none' : isUnchanged(item) ? 'base' : 'new',
    gone: known?.gone !== undefined,
  };
}

async function ourFact(
  { path, from, known, theirs }: Item,
  at: string,
  ours: Uint8Array | undefined,
  sources: Sources,
): Promise<Facts['ours']> {
  if (ours === undefined) return 'none';
  const base = known?.base;
  if (base !== undefined && sha256(ours) === base) return 'base';
  const wanted = theirs === undefined ? undefined : bytesOf(theirs.content);
  if (theirs !== undefined && wanted !== undefined) {
    const equal = Buffer.compare(ours, wanted) === 0;
    if (equal || (await sameContent(path, theirs.merge, ours, wanted))) return 'theirs';
  }
  // Of a binary file only the hash is kept: it is the same or it is not.
  if (base === undefined || known?.kind === 'bin') return 'edited';
  const kind = known?.kind ?? 'text';
  const emitted = await relocated(await sources.base(base), kind, from, at);
  const same = await sameContent(path, kind, ours, emitted);
  return same ? 'base' : 'edited';
}
