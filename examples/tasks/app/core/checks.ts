// The checks behind the field types: each takes a field and gives a function from a value to what is wrong with it.
import type { FieldSpec, Violation } from './field.ts';

export type Check<T> = (value: T) => Violation | undefined;

export const bad = (code: string, text: string): Violation => ({ code, text });

/** The first violation of several checks; absent checks cost nothing. */
export const first = <T>(...checks: readonly (Check<T> | undefined)[]): Check<T> => {
  const present = checks.filter((check) => check !== undefined);
  return (value) => {
    for (const check of present) {
      const violation = check(value);
      if (violation !== undefined) return violation;
    }
    return undefined;
  };
};

/** Length in code points, as JSON Schema counts; only strings near the limit are walked. */
const codePoints = (text: string): number => {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) count--;
  }
  return count;
};

const letters = (count: number): string => `${count} character${count === 1 ? '' : 's'}`;

const minLength = (min: number | undefined): Check<string> | undefined =>
  min === undefined
    ? undefined
    : (value) =>
        codePoints(value) < min
          ? bad('min_length', `must have at least ${letters(min)}`)
          : undefined;

const maxLength =
  (max: number): Check<string> =>
  (value) =>
    value.length > max && codePoints(value) > max
      ? bad('max_length', `must have at most ${letters(max)}`)
      : undefined;

const pattern = (source: string | undefined): Check<string> | undefined => {
  if (source === undefined) return undefined;
  const expression = new RegExp(source, 'u');
  return (value) => (expression.test(value) ? undefined : bad('pattern', `must match ${source}`));
};

const blank: Check<string> = (value) =>
  /\S/.test(value) ? undefined : bad('required', 'is required');

const oneLine: Check<string> = (value) =>
  /[\r\n]/.test(value) ? bad('format', 'must be one line') : undefined;

export const shape =
  (test: (value: string) => boolean, what: string): Check<string> =>
  (value) =>
    test(value) ? undefined : bad('format', `must be ${what}`);

/** Text that must fit `more` as well; `most` is the longest when the field says nothing. */
const limited = (
  field: FieldSpec,
  most: number,
  ...more: readonly Check<string>[]
): Check<string> =>
  first(
    field.required && !field.array ? blank : undefined,
    minLength(field.minLength),
    maxLength(field.maxLength ?? most),
    pattern(field.pattern),
    ...more,
  );

export const line = (field: FieldSpec): Check<string> => limited(field, 255, oneLine);

export const text = (field: FieldSpec): Check<string> => limited(field, 10_000);

export const password = (field: FieldSpec): Check<string> =>
  limited({ minLength: 8, maxLength: 128, ...field }, 128);

const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/;

export const email = (field: FieldSpec): Check<string> =>
  limited(
    field,
    254,
    shape((value) => emailPattern.test(value), 'an email address'),
  );

export const url = (field: FieldSpec): Check<string> =>
  limited(
    field,
    2048,
    shape(
      (value) => /^https?:\/\/[^\s\\]+$/i.test(value) && URL.canParse(value),
      'a URL that starts with http:// or https://',
    ),
  );

export const slug = (field: FieldSpec): Check<string> =>
  limited(
    field,
    255,
    shape((value) => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value), 'lower-case words joined by "-"'),
  );

export const uuid = (): Check<string> =>
  shape((value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value), 'a UUID');

export const isObjectId = (value: string): boolean => /^[0-9a-f]{24}$/i.test(value);

export const ref = (): Check<string> => (value) =>
  isObjectId(value) ? undefined : bad('type', 'must be an id of 24 hexadecimal digits');

export const oneOf = (values: readonly string[]): Check<string> => {
  const allowed = new Set(values);
  return (value) =>
    allowed.has(value) ? undefined : bad('enum', `must be one of ${values.join(', ')}`);
};
