/** What stands between two items of a list. */
export interface Gap {
  /** Whether a comma is among it. */
  readonly comma: boolean;
  /** Where the text begins that belongs to the following item. */
  readonly lead: number;
  /** Spaces and comments on the last line of the preceding item, without the comma. */
  readonly after: string;
}

/**
 * Splits the text between the end of an item and the beginning of the next, or of the end of the list: a comma and
 * comments on the same line go with the item, all else leads the next one. Comments are those of JavaScript.
 */
export function gapOf(source: string, from: number, to: number): Gap {
  let comma = false;
  let after = '';
  let at = from;
  let pending = at;
  // Behind the comma only what a line end follows still belongs to the item.
  while (at < to) {
    const end = commentEnd(source, at);
    if (end !== undefined) {
      at = Math.min(end, to);
      // A line comment ends the line; so may a block comment, but one of several lines leads what follows.
      continue;
    }
    const char = source[at];
    if (char === ',' || char === ';') {
      if (char === ',' && !comma) {
        after += source.slice(pending, at);
        comma = true;
        pending = at + 1;
      }
    } else if (char === '\n') {
      return { comma, lead: at, after: after + source.slice(pending, at) };
    }
    at++;
  }
  // No line end: all is on one line, and what follows the comma leads the next item.
  if (comma) return { comma, lead: pending, after };
  return { comma, lead: from, after: '' };
}

/** Where the comment that begins here ends; `undefined` when none does. */
function commentEnd(source: string, at: number): number | undefined {
  if (source.startsWith('//', at)) {
    const end = source.indexOf('\n', at);
    return end === -1 ? source.length : end;
  }
  if (!source.startsWith('/*', at)) return undefined;
  const end = source.indexOf('*/', at + 2);
  return end === -1 ? source.length : end + 2;
}
