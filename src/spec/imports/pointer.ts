import { exit, UserError } from '../../errors.ts';
import { quote } from '../names.ts';
import type { JsonValue } from '../schema.ts';

export type JsonObject = Readonly<Record<string, JsonValue>>;

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is an object; undefined when it is absent or something else. */
export function objectAt(value: JsonValue | undefined, key: string): JsonObject | undefined {
  const member = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(member) ? member : undefined;
}

/** What a chain of `$ref` ends at, and every pointer on the way. */
export interface Resolved {
  schema: JsonValue | undefined;
  pointers: string[];
}

/**
 * Follows `$ref` inside the document `root`. Throws a UserError for a reference that leads out of the file (nothing
 * else is ever read), to nothing, or in a circle.
 */
export function resolved(root: JsonObject, value: JsonValue | undefined, from: string): Resolved {
  const pointers = new Set<string>();
  let schema = value;
  while (isObject(schema) && typeof schema['$ref'] === 'string') {
    const pointer = schema['$ref'];
    if (!pointer.startsWith('#'))
      throw new UserError(
        exit.usage,
        `${from}: the $ref ${quote(pointer)} leads out of the file`,
        'only references that begin with # are followed: bundle the files first',
      );
    if (pointers.has(pointer))
      throw new UserError(exit.usage, `${from}: the $ref ${quote(pointer)} leads to itself`);
    pointers.add(pointer);
    schema = valueAt(root, pointer, from);
  }
  return { schema, pointers: [...pointers] };
}

/** The value at a JSON pointer in a URI fragment (RFC 6901). */
function valueAt(root: JsonObject, pointer: string, from: string): JsonValue {
  const parts = pointer.slice(1).split('/').slice(1).map(unescaped);
  let value: JsonValue = root;
  for (const part of parts) {
    const next: JsonValue | undefined =
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as JsonObject)[part]
        : undefined;
    if (next === undefined)
      throw new UserError(exit.usage, `${from}: the $ref ${quote(pointer)} leads to nothing`);
    value = next;
  }
  return value;
}

function unescaped(part: string): string {
  return decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A percent sign that begins no escape stays as it is: the text is a key like any other. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
