import type { TextFile } from './decode.ts';
import { changesOf, distance } from './diff.ts';
import { formatLines } from './format.ts';
import { inferOptions } from './infer-style.ts';
import { optionsFor, type ProjectStyle, type StyleOptions } from './style.ts';

/** Both versions of the generator's as the user would have laid them out. */
export interface Relayout {
  readonly base: readonly string[];
  readonly theirs: readonly string[];
  readonly options: StyleOptions;
}

/** Files whose layout means something, or that prettier does not know. */
const formatted = /\.(?:[cm]?[jt]s|json|css|html|md|ya?ml)$/;

/**
 * Base and theirs in the style that the user's file has (L2); `undefined` when that brings them no nearer to it. The
 * style is the one the project declares, or else what turns the base into something like ours.
 */
export async function relayout(
  path: string,
  sides: { readonly ours: TextFile; readonly base: TextFile; readonly theirs: TextFile },
  style: ProjectStyle,
): Promise<Relayout | undefined> {
  if (!formatted.test(path)) return undefined;
  const [ours, base, theirs] = [sides.ours.lines, sides.base.lines, sides.theirs.lines];
  const declared = optionsFor(style, path);
  const options =
    declared ?? (reformatted(ours, base) ? await inferOptions(path, ours, base) : undefined);
  if (options === undefined) return undefined;
  const formattedBase = await formatLines(path, base, options);
  const formattedTheirs = await formatLines(path, theirs, options);
  if (formattedBase === undefined || formattedTheirs === undefined) return undefined;
  // In this style the base is what it was: the user's file may well be in it.
  const neutral = distance(formattedBase, base) === 0;
  if (!neutral && distance(formattedBase, ours) >= distance(base, ours)) return undefined;
  return { base: formattedBase, theirs: formattedTheirs, options };
}

/** Whether so many lines differ that the file was laid out anew. */
function reformatted(ours: readonly string[], base: readonly string[]): boolean {
  const changes = changesOf(base, ours);
  const changed = changes?.reduce((sum, { b0, b1 }) => sum + (b1 - b0), 0) ?? base.length;
  return changed >= 3 && changed > base.length / 5;
}
