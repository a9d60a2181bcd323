import type { MergePolicy } from '../render/types.ts';
import { decode, type TextFile } from './decode.ts';
import { encode } from './encode.ts';
import { formatLines } from './format.ts';
import { relayout } from './relayout.ts';
import { optionsFor, type ProjectStyle } from './style.ts';

/** Files that are written as they were emitted, whatever the project's style. */
const asEmitted: ReadonlySet<MergePolicy> = new Set(['bin', 'seed']);

/**
 * The generator's text as it belongs into this project: in its style, with the line ends, byte order mark and final
 * newline of the file that is there. For new files (`ours` absent) and for files that nobody edited.
 */
export async function inUserStyle(
  path: string,
  theirs: Uint8Array,
  ours: Uint8Array | undefined,
  base: Uint8Array | undefined,
  style: ProjectStyle,
): Promise<Uint8Array> {
  const wanted = decode(theirs, true).file;
  if (wanted === undefined) return theirs;
  const mine = ours === undefined ? undefined : decode(ours, true).file;
  const before = base === undefined ? undefined : decode(base, true).file;
  const like: TextFile = mine ?? { ...wanted, eol: style.eol };
  return encode(await linesIn(path, wanted, mine, before, style), like);
}

async function linesIn(
  path: string,
  theirs: TextFile,
  ours: TextFile | undefined,
  base: TextFile | undefined,
  style: ProjectStyle,
): Promise<readonly string[]> {
  if (ours !== undefined && base !== undefined) {
    return (await relayout(path, { ours, base, theirs }, style))?.theirs ?? theirs.lines;
  }
  const options = optionsFor(style, path);
  if (options === undefined) return theirs.lines;
  return (await formatLines(path, theirs.lines, options)) ?? theirs.lines;
}

export const keepsBytes = (policy: MergePolicy) => asEmitted.has(policy);
