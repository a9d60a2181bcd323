// What JSON can carry and a document cannot: looked for before anything walks the value.
import { pointer, type FieldError } from './field.ts';
import { mostErrors, problem } from './problems.ts';

/** Keys that mean something to MongoDB, to its driver or to JavaScript. */
const badKey = /^\$|\0|^(?:__proto__|constructor|prototype|_bsontype)$/;

/**
 * Everything JSON can carry and a document cannot, as errors; -0 becomes 0 on the way.
 * It never goes deeper than `depth` levels, whatever the body does. `dots`: keys may be paths.
 */
export const inspect = (
  node: object,
  path: PropertyKey[],
  depth: number,
  errors: FieldError[],
  dots: boolean,
): void => {
  if (depth < 0) throw problem('too_deep');
  const isList = Array.isArray(node);
  const keys: Iterable<PropertyKey> = isList ? node.keys() : Object.keys(node);
  for (const key of keys) {
    if (errors.length > mostErrors) return;
    const value: unknown = Reflect.get(node, key);
    path.push(key);
    const wrong = (isList ? undefined : keyMistake(String(key), dots)) ?? scalarMistake(value);
    if (wrong) errors.push({ pointer: pointer(path), ...wrong });
    if (typeof value === 'object' && value !== null) inspect(value, path, depth - 1, errors, dots);
    if (Object.is(value, -0)) Reflect.set(node, key, 0);
    path.pop();
  }
};

/** Half a character: it would be stored as another one. */
const loneSurrogate = /\p{Surrogate}/u;

const keyMistake = (key: string, dots: boolean) =>
  badKey.test(key) || (!dots && key.includes('.')) || loneSurrogate.test(key)
    ? { code: 'unknown_field', detail: `${JSON.stringify(key)} is not allowed as a key` }
    : undefined;

const scalarMistake = (value: unknown) => {
  if (typeof value === 'string' && loneSurrogate.test(value)) {
    return { code: 'type', detail: 'Text must be valid Unicode' };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { code: 'type', detail: 'Numbers must be finite' };
  }
  return undefined;
};
