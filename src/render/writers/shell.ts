import { Fragment } from '../fragment.ts';

/** A shell variable in a word. */
export interface Variable {
  readonly variable: string;
}

/**
 * One word of a POSIX shell, out of text and variables: `"$api/products/$productId"`.
 * @throws {TypeError} on a variable that is no name
 */
export function shellWord(...parts: readonly (string | Variable)[]): Fragment {
  const texts = parts.filter((part) => typeof part === 'string');
  const harmless = texts.every((text) => /^[\w@%+=:,./?&[\]-]*$/.test(text));
  // Double quotes read best, where nothing in the text means anything within them.
  const whole = texts.length < parts.length && harmless;
  const words = parts.map((part) =>
    typeof part === 'string' ? (whole ? part : quoted(part)) : variable(part, whole),
  );
  return new Fragment(whole ? `"${words.join('')}"` : words.join(''));
}

function quoted(text: string): string {
  // No argument can hold a NUL.
  const line = text.replace(/\0/g, '');
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}

function variable({ variable: name }: Variable, inQuotes: boolean): string {
  if (!/^[A-Za-z_]\w*$/.test(name))
    throw new TypeError(`not a shell variable: ${JSON.stringify(name)}`);
  return inQuotes ? `$${name}` : `"$${name}"`;
}
