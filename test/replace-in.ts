import { readFileSync, writeFileSync } from 'node:fs';

/** Puts `to` in the place of the first `from` of a file. Throws when the file does not hold it. */
export function replaceIn(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(
    file,
    text.replace(from, () => to),
  );
}
