/** Files beyond these are taken as a whole: nobody reads a conflict of that size. JSON goes by key, in linear time. */
const limits = { bytes: 1024 * 1024, jsonBytes: 16 * 1024 * 1024, lines: 50_000 } as const;

export type Eol = '\n' | '\r\n';

/** A file as lines, and everything about its bytes that is not text. */
export interface TextFile {
  /** Without their ends. */
  readonly lines: readonly string[];
  readonly bom: boolean;
  /** The end that most lines have. */
  readonly eol: Eol;
  /** The end of each line, when they differ. */
  readonly ends: readonly Eol[] | undefined;
  readonly finalNewline: boolean;
}

/** Either a file or, as a clause, why its bytes cannot be merged as text. */
export type Decoded =
  | { readonly file: TextFile; readonly problem?: never }
  | { readonly file?: never; readonly problem: string };

/** Reads bytes as strict UTF-8. Never throws: what is no mergeable text comes back as a problem. */
export function decode(bytes: Uint8Array, json = false): Decoded {
  const most = json ? limits.jsonBytes : limits.bytes;
  if (bytes.length > most) return { problem: `is larger than ${most / 1024 / 1024} MiB` };
  if (bytes.includes(0)) return { problem: 'holds NUL bytes' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: 'is not UTF-8' };
  }
  const file = textFile(text);
  if (!json && file.lines.length > limits.lines) {
    return { problem: `has more than ${limits.lines.toLocaleString('en')} lines` };
  }
  return { file };
}

/** Text with any line ends and perhaps a byte order mark, taken apart. */
export function textFile(raw: string): TextFile {
  const bom = raw.startsWith('\uFEFF');
  const text = bom ? raw.slice(1) : raw;
  const lines = text.split('\n');
  const finalNewline = lines.at(-1) === '';
  if (finalNewline) lines.pop();
  const newlines = text.split('\n').length - 1;
  const ends: Eol[] = [];
  let crlf = 0;
  for (const [at, line] of lines.entries()) {
    const windows = at < newlines && line.endsWith('\r');
    if (windows) lines[at] = line.slice(0, -1);
    if (windows) crlf++;
    ends.push(windows ? '\r\n' : '\n');
  }
  const eol = crlf * 2 > newlines ? '\r\n' : '\n';
  // The last line may have no end; it then follows the others.
  if (!finalNewline && ends.length > 0) ends[ends.length - 1] = eol;
  const mixed = crlf > 0 && crlf < newlines;
  return { lines, bom, eol, ends: mixed ? ends : undefined, finalNewline };
}

/** The text with `\n` after every line, the last one too: what all layers of the merge work on. */
export function lfText({ lines }: Pick<TextFile, 'lines'>): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Lines of such a text. */
export function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}
