// What JSON can carry and a document cannot: looked for before anything walks the value.
import { pointer, type FieldError } from './field.ts';
import { mostErrors, problem } from './problems.ts';

/** Keys that mean something to MongoDB, to its driver or to JavaScript. */
const badKey = /^\$|\0|^(?:__proto__|constructor|prototype|_bsontype)$/;

/** Of one object. No model has as many fields, and each copy of a larger object would hold up all other requests. */
const mostKeys = 1_000;

/** Half a character: it would be stored as another one. */
const loneSurrogate = /\p{Surrogate}/u;

/** What is wrong with one value, or with the key that it has. `dots`: keys may be paths. */
const mistake = (key: string | number, value: unknown, dots: boolean) => {
  const isName = typeof key === 'string';
  if (isName && (badKey.test(key) || (!dots && key.includes('.')) || loneSurrogate.test(key))) {
    return { code: 'unknown_field', detail: `${JSON.stringify(key)} is not allowed as a key` };
  }
  if (typeof value === 'string' && loneSurrogate.test(value)) {
    return { code: 'type', detail: 'Text must be valid Unicode' };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { code: 'type', detail: 'Numbers must be finite' };
  }
  return undefined;
};

/**
 * Everything JSON can carry and a document cannot, as errors; -0 becomes 0 on the way.
 * It never goes deeper than `depth` levels, whatever the body does.
 */
export const inspect = (root: object, depth: number, dots: boolean): FieldError[] => {
  const errors: FieldError[] = [];
  const walk = (node: object, path: readonly PropertyKey[]): void => {
    if (path.length > depth) throw problem('too_deep');
    const list: readonly unknown[] | undefined = Array.isArray(node) ? node : undefined;
    const keys = list ?? Object.keys(node);
    if (!list && keys.length > mostKeys) {
      const detail = `An object must have at most ${mostKeys} keys`;
      errors.push({ pointer: pointer(path), code: 'too_many_keys', detail });
      return;
    }
    // By index: a list may have half a million items, and each step of an iterator costs as much as the look.
    for (let i = 0; i < keys.length && errors.length <= mostErrors; i++) {
      const key = list ? i : String(keys[i]);
      const value: unknown = list ? list[i] : Reflect.get(node, key);
      const wrong = mistake(key, value, dots);
      if (wrong) errors.push({ pointer: pointer([...path, key]), ...wrong });
      if (typeof value === 'object' && value !== null) walk(value, [...path, key]);
      else if (Object.is(value, -0)) Reflect.set(node, key, 0);
    }
  };
  walk(root, []);
  return errors;
};
