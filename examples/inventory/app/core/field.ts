// What a field of a model may say about itself, and the words for it. Types only, plus two small functions.

export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };
export type JsonSchema = { [keyword: string]: JsonValue };

export type FieldType =
  | 'string'
  | 'text'
  | 'integer'
  | 'number'
  | 'decimal'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'email'
  | 'url'
  | 'slug'
  | 'uuid'
  | 'ref'
  | 'enum'
  | 'object'
  | 'json'
  | 'point'
  | 'password';

export type OnDelete = 'restrict' | 'cascade' | 'nullify';

/** One field. With `array: true`, the limits speak of the items; `maxItems` (100 unless said) of the array. */
export interface FieldSpec {
  readonly type: FieldType;
  readonly description?: string;
  readonly required?: true;
  readonly unique?: true;
  readonly index?: true;
  readonly array?: true;
  /** Accepted on write, never answered, absent from the query language. */
  readonly private?: true;
  /** Answered, never accepted: set it in `beforeWrite` or by `default`. */
  readonly readonly?: true;
  /** Looked into by `?q=`. */
  readonly search?: true;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly default?: unknown;
  /** enum: the words allowed. */
  readonly values?: readonly string[];
  /** ref: the name of the model it points to, and what deleting that document does here. */
  readonly to?: string;
  readonly onDelete?: OnDelete;
  /** object: its own fields. */
  readonly fields?: Fields;
}

export type Fields = { readonly [name: string]: FieldSpec };

/** One mistake in what a client sent; exactly one of pointer, parameter and header says where. */
export interface FieldError {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly code: string;
  readonly detail: string;
}

/** What a check found wrong with one value; `text` follows the name of the field: "must be at least 0". */
export interface Violation {
  readonly code: string;
  readonly text: string;
}

/** `address.postalCode` → `Address postal code`: the field as the subject of a sentence. */
export const label = (path: string): string => {
  const words = path
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[._]+/g, ' ')
    .toLowerCase()
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** RFC 6901 inside a URI fragment, as RFC 9457 writes it: `['tags', 1]` → `#/tags/1`. */
export const pointer = (path: readonly PropertyKey[]): string =>
  `#${path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`;
