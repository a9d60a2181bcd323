// What JSON can carry and a document cannot: looked for before anything walks the value.
import { pointer, type FieldError } from './field.ts';
import { mostErrors, problem } from './problems.ts';

/** Keys that mean something to MongoDB, to its driver or to JavaScript. */
const badKey = /^\$|\0|^(?:__proto__|constructor|prototype|_bsontype)$/;

/** Of one object. No model has as many fields, and each copy of a larger object would hold up all other requests. */
const mostKeys = 1_000;

type Mistake = Pick<FieldError, 'code' | 'detail'>;

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
  const look = (key: PropertyKey, value: unknown, keyIsWrong?: Mistake): void => {
    const wrong = keyIsWrong ?? scalarMistake(value);
    if (wrong) errors.push({ pointer: pointer([...path, key]), ...wrong });
    if (typeof value === 'object' && value !== null) {
      path.push(key);
      inspect(value, path, depth - 1, errors, dots);
      path.pop();
    } else if (Object.is(value, -0)) Reflect.set(node, key, 0);
  };
  if (Array.isArray(node)) {
    // By index: a list may have half a million items, and each step of an iterator costs as much as the look.
    for (let i = 0; i < node.length && errors.length <= mostErrors; i++) look(i, node[i]);
    return;
  }
  const keys = Object.keys(node);
  if (keys.length > mostKeys) {
    const detail = `An object must have at most ${mostKeys} keys`;
    errors.push({ pointer: pointer(path), code: 'too_many_keys', detail });
    return;
  }
  for (const key of keys) {
    if (errors.length > mostErrors) return;
    look(key, Reflect.get(node, key), keyMistake(key, dots));
  }
};

/** Half a character: it would be stored as another one. */
const loneSurrogate = /\p{Surrogate}/u;

const keyMistake = (key: string, dots: boolean): Mistake | undefined =>
  badKey.test(key) || (!dots && key.includes('.')) || loneSurrogate.test(key)
    ? { code: 'unknown_field', detail: `${JSON.stringify(key)} is not allowed as a key` }
    : undefined;

const scalarMistake = (value: unknown): Mistake | undefined => {
  if (typeof value === 'string' && loneSurrogate.test(value)) {
    return { code: 'type', detail: 'Text must be valid Unicode' };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { code: 'type', detail: 'Numbers must be finite' };
  }
  return undefined;
};
