import { printWidth } from './writers/layout.ts';

/** Characters one column wide: of all others, the width that prettier reckons with is not their number. */
const oneColumn = /^[\n\x20-\x7e\xa0-\u02ff\u0370-\u0373\u0376-\u0482\u048a-\u052f]*$/;

/**
 * Whether prettier would leave a text of our own templates as it is, so that it need not be loaded (it takes longer
 * than everything else together). Writers lay out what they write; left over are lines that a long value made longer
 * than the print width, and tables whose columns hold wide characters.
 */
export function isLaidOut(path: string, text: string): boolean {
  if (!oneColumn.test(text)) return false;
  return !path.endsWith('.ts') || text.split('\n').every((line) => line.length <= printWidth);
}
