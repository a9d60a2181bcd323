import { LaidOut } from './layout.ts';

/**
 * The members of an object in a text that the writer `json` gave: their values are objects, and stay laid out for where
 * they stood.
 *
 * @param name the key of the object, the first one of that name at this depth
 * @param indent columns before that key
 * @throws {TypeError} when there is no such object
 */
export function jsonEntries(
  text: string,
  name: string,
  indent: number,
): readonly (readonly [key: string, value: LaidOut])[] {
  const pad = ' '.repeat(indent);
  const opening = `\n${pad}${JSON.stringify(name)}: {`;
  const start = text.indexOf(opening);
  const end = text.indexOf(`\n${pad}}`, start);
  if (start === -1 || end === -1) throw new TypeError(`no object "${name}" in the text`);
  const mark = `\n${pad}  "`;
  const entries: [string, LaidOut][] = [];
  for (let at = text.indexOf(mark, start); at !== -1 && at < end;) {
    const next = text.indexOf(mark, at + mark.length);
    const isLast = next === -1 || next > end;
    const behindKey = text.indexOf('": ', at) + 1;
    const key = String(JSON.parse(text.slice(at + mark.length - 1, behindKey)));
    // Without the comma of those that are not the last.
    const value = text.slice(behindKey + ': '.length, isLast ? end : next - 1);
    entries.push([key, new LaidOut(value)]);
    at = isLast ? -1 : next;
  }
  return entries;
}
