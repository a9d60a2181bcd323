/** A JSON value that is only read. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as an object, empty when it is something else. */
export const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

/** The value as a list, empty when it is something else. */
export const list = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : [];

/** The value as text: itself, or its JSON. */
export const text = (value: Json | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** What `{ $ref: '#/components/…' }` points to in its document; other values as they are. */
export const resolve = (document: Json, value: Json | undefined): JsonObject => {
  const { $ref } = object(value);
  if (typeof $ref !== 'string') return object(value);
  const keys = $ref.split('/').slice(1);
  return object(keys.reduce<Json | undefined>((at, key) => object(at)[key], document));
};

/** Where two values differ, as in `paths > /api/notes > get > summary`. */
export const differences = (a: Json | undefined, b: Json | undefined, at = ''): string[] => {
  if (!isObject(a) || !isObject(b)) return same(a, b) ? [] : [at];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    differences(a[key], b[key], at === '' ? key : `${at} > ${key}`),
  );
};
