import { mergeTexts } from '../text.ts';
import { mergeWords } from '../words.ts';
import type { Context } from './context.ts';

/** What a stretch of white space and comments says, without its layout. */
export function remarks(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** Merges white space and comments; layout alone is the user's. */
export function mergeComments(
  ours: string,
  base: string | undefined,
  theirs: string,
  line: number,
  context: Context,
): string {
  const mine = remarks(ours);
  const old = base === undefined ? undefined : remarks(base);
  const other = remarks(theirs);
  if (mine === other || other === old) return ours;
  if (mine === old) return theirs;
  if (base === undefined) return ours.length > 0 && mine !== '' ? ours : theirs;
  const merged =
    mergeTexts(mine, old ?? '', other, { apart: true, union: true }) ??
    mergeWords(mine, old ?? '', other);
  const indent = ours.slice(ours.lastIndexOf('\n') + 1);
  if (merged !== undefined && ours.includes('\n')) {
    const lines = merged.split('\n').filter((text) => text !== '');
    return (
      ours.slice(0, ours.length - ours.trimStart().length) +
      // The lines of a block stand one column further in than its first.
      lines.map((text) => (text.startsWith('*') ? ' ' : '') + text + '\n' + indent).join('')
    );
  }
  context.collisions.push({
    line,
    what: 'both sides changed a comment',
    ours: ours.trim(),
    base: base.trim(),
    theirs: theirs.trim(),
  });
  return ours;
}
