import path from 'node:path';
import type { MergePolicy } from '../render/types.ts';
import { decode, lfText } from './decode.ts';

/**
 * An emitted file as it would have been emitted at the place where the user has it: code names the files that it imports
 * from there. Everything else is the same anywhere.
 */
export async function relocated(
  content: Uint8Array,
  policy: MergePolicy,
  from: string,
  to: string,
): Promise<Uint8Array> {
  if (policy !== 'ts' || path.posix.dirname(from) === path.posix.dirname(to)) return content;
  const { file } = decode(content, false);
  if (file === undefined) return content;
  const { relocatedSource } = await import('./ts/relocate.ts');
  return Buffer.from(relocatedSource(lfText(file), from, to), 'utf8');
}
