/** Whether a value is what becomes of three versions of it, key by key. */
export function isMerge(ours: unknown, base: unknown, theirs: unknown, merged: unknown): boolean {
  if (equal(ours, theirs) || equal(theirs, base)) return equal(merged, ours);
  if (equal(ours, base)) return equal(merged, theirs);
  if (!isRecord(ours) || !isRecord(theirs) || !isRecord(merged)) return false;
  const old = isRecord(base) ? base : {};
  const keys = new Set([ours, theirs, merged].flatMap(Object.keys));
  return [...keys].every((key) =>
    isMerge(at(ours, key), at(old, key), at(theirs, key), at(merged, key)),
  );
}

/** An object of JSON or YAML. */
export type Values = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (value: Values, key: string) => (Object.hasOwn(value, key) ? value[key] : undefined);

/** Whether two values of JSON or YAML say the same, whatever the order of their keys. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value, index) => equal(value, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** Whether a JSON text without comments has no key twice: the value that was read from it has one for each. */
export function holdsKeysOnce(text: string, value: unknown): boolean {
  return keysIn(text) === keysOf(value);
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + keysOf(inner), own);
}

/** The number of strings with a colon behind them. */
function keysIn(text: string): number {
  let count = 0;
  for (let from = text.indexOf('"'); from !== -1; from = text.indexOf('"', from)) {
    let end = text.indexOf('"', from + 1);
    while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end === -1) return count;
    from = end + 1;
    while (' \n\r\t'.includes(text.charAt(from)) && from < text.length) from++;
    if (text[from] === ':') count++;
  }
  return count;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
