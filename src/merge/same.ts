import type { MergePolicy } from '../render/types.ts';
import { decode, lfText } from './decode.ts';
import { jsonTokens } from './json-tree.ts';

/**
 * Whether two versions of a file say the same: equal bytes, or equal but for line ends, byte order mark and final
 * newline, or, for code and data, equal but for their layout.
 */
export async function sameContent(
  _path: string,
  policy: MergePolicy,
  a: Uint8Array,
  b: Uint8Array,
): Promise<boolean> {
  if (Buffer.compare(a, b) === 0) return true;
  if (policy === 'bin' || policy === 'seed') return false;
  const [left, right] = [decode(a, true).file, decode(b, true).file];
  if (left === undefined || right === undefined) return false;
  const [mine, other] = [lfText(left), lfText(right)];
  if (mine === other) return true;
  if (policy === 'ts') return (await import('./ts/same.ts')).sameCode(mine, other);
  if (policy === 'yaml') return (await import('./yaml.ts')).sameYaml(mine, other);
  return policy === 'json' && jsonTokens(mine) === jsonTokens(other);
}
