import { decode, type Eol, type TextFile } from './decode.ts';
import { matches } from './diff.ts';

/** Lines as bytes, laid out as another file is: its byte order mark, line ends and final newline. */
export function encode(lines: readonly string[], like: TextFile): Uint8Array {
  const ends = like.ends === undefined ? undefined : endsLike(lines, like, like.ends);
  let text = like.bom ? '\uFEFF' : '';
  for (const [at, line] of lines.entries()) {
    const last = at === lines.length - 1;
    text += line + (last && !like.finalNewline ? '' : (ends?.[at] ?? like.eol));
  }
  return new TextEncoder().encode(text);
}

/** A text with the line ends, byte order mark and final newline of another one; bytes that are no text stay as they are. */
export function withEndsOf(like: Uint8Array, content: Uint8Array): Uint8Array {
  const [model, { file }] = [decode(like, true).file, decode(content, true)];
  return model === undefined || file === undefined ? content : encode(file.lines, model);
}

/** A line that was there keeps its end, a new one takes the common one. */
function endsLike(
  lines: readonly string[],
  { lines: before, eol }: TextFile,
  ends: readonly Eol[],
): readonly Eol[] {
  const found = matches(before, lines);
  const result = lines.map(() => eol);
  for (const [from, to] of found?.entries() ?? []) {
    if (to !== undefined) result[to] = ends[from] ?? eol;
  }
  return result;
}
