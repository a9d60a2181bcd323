import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../errors.ts';
import { flags, modifiers, textual, type Modifier } from './field-rules.ts';
import type { FieldSpec } from './schema.ts';
import { parseField } from './shorthand.ts';

/**
 * The arguments that make a field: one, and for an object those of its fields behind it. Undefined when the
 * shorthand has no words for all of it (a description, pattern and default together, a comma in an enum value).
 */
export function printField(name: string, field: FieldSpec): string[] | undefined {
  const { fields, ...own } = field;
  const text = [name, own.type, ...argument(own), ...modifiers.flatMap((word) => said(own, word))];
  const line = text.join(':');
  if (!readsBack(line, name, own)) return undefined;
  const lines = [line];
  for (const [child, inner] of Object.entries(fields ?? {})) {
    const printed = printField(`${name}.${child}`, inner);
    if (printed === undefined) return undefined;
    lines.push(...printed);
  }
  return lines;
}

function argument({ values, to }: FieldSpec): string[] {
  return [...(values === undefined ? [] : [values.join(',')]), ...(to === undefined ? [] : [to])];
}

function said(field: FieldSpec, word: Modifier): string[] {
  const value = field[word];
  if (value === undefined) return [];
  if (flags.some((flag) => flag === word)) return [word];
  const plain = word !== 'default' || (!field.array && textual.includes(field.type));
  return [`${word}=${plain ? String(value) : JSON.stringify(value)}`];
}

/** What separates the parts may stand inside one of them, so the text is tried rather than judged. */
function readsBack(line: string, name: string, field: FieldSpec): boolean {
  try {
    return isDeepStrictEqual(parseField(line), { path: name.split('.'), field });
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
