// The one table of form controls: how a value of each field type is typed into a page, and what was typed is read.
import type { FieldSpec, FieldType } from '../core/types.ts';

export interface Control {
  readonly kind: 'input' | 'textarea' | 'flag' | 'choice' | 'group';
  /** Of the `input` element. */
  readonly type: string;
  /** The keyboard that a phone shows. */
  readonly inputmode?: 'numeric' | 'decimal';
  /** What to type, where it is not plain. */
  readonly hint?: string;
  /** A list of such values: one a line, some of the choices, or JSON as a whole. */
  readonly list: 'lines' | 'choices' | 'json';
  /** The text that stands for a wire value. */
  readonly show: (wire: unknown) => string;
  /** The wire value that a text stands for. One that stands for none stays a text: the model says what is wrong. */
  readonly read: (text: string) => unknown;
}

const input = (type: string, more: Partial<Control> = {}): Control => ({
  kind: 'input',
  type,
  list: 'lines',
  show: String,
  read: (text) => text,
  ...more,
});

const trimmed = (text: string): string => text.trim();

const numeral = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const numberOf = (text: string): unknown =>
  numeral.test(text.trim()) ? Number(text) : text.trim();

/** 2026-01-31T12:00 or :00.5, in UTC as the whole API, → as the API answers it: what was not touched is the same. */
const momentOf = (text: string): string => {
  const [, minute, second = ':00', fraction = ''] =
    /^(.+T\d\d:\d\d)(:\d\d)?(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  return minute === undefined ? text : `${minute}${second}.${fraction.padEnd(3, '0')}Z`;
};

const flagOf = (text: string): unknown =>
  text === 'true' ? true : text === 'false' ? false : text;

const pointOf = (text: string): unknown => {
  const numbers = text.split(',').map(numberOf);
  return numbers.length === 2 ? numbers : text;
};

/** A JSON text, as people read it. */
export const jsonText = (wire: unknown): string => JSON.stringify(wire, null, 2);

const identifier = input('text', { read: trimmed });

/** Every field type, once. JSON is read by the form, which can say what is wrong with it. */
const controls: Readonly<Record<FieldType, Control>> = {
  string: input('text'),
  text: input('', { kind: 'textarea', list: 'json' }),
  integer: input('text', { inputmode: 'numeric', read: numberOf }),
  number: input('text', { inputmode: 'decimal', read: numberOf }),
  decimal: input('text', { inputmode: 'decimal', read: trimmed }),
  boolean: input('checkbox', { kind: 'flag', read: flagOf }),
  date: input('date', { read: trimmed }),
  datetime: input('datetime-local', {
    hint: 'Time in UTC',
    show: (wire) => String(wire).replace(/(?::00)?(?:\.000)?Z$/, ''),
    read: momentOf,
  }),
  email: input('email', { read: trimmed }),
  url: input('url', { read: trimmed }),
  slug: { ...identifier, hint: 'Lower-case words joined by -' },
  uuid: identifier,
  ref: input('', { kind: 'choice', list: 'choices' }),
  enum: input('', { kind: 'choice', list: 'choices' }),
  object: input('', { kind: 'group' }),
  json: input('', {
    kind: 'textarea',
    list: 'json',
    hint: 'JSON',
    show: jsonText,
  }),
  point: input('text', {
    hint: 'Longitude, latitude',
    show: (wire) => (Array.isArray(wire) ? wire.join(', ') : String(wire)),
    read: pointOf,
  }),
  password: input('password'),
};

export const controlOf = ({ type }: FieldSpec): Control => controls[type];
