// Valid and invalid wire values for each field type: for tests, for the OpenAPI examples and for the README's curl lines.
import type { FieldSpec, FieldType, JsonValue } from './field.ts';

export interface Samples {
  readonly sample: (field: FieldSpec, n: number) => JsonValue;
  readonly invalid: (field: FieldSpec) => readonly JsonValue[];
}

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');

/** The n-th number from `start` in steps of `step`, wrapped into [min, max]. */
const within = ({ min, max }: FieldSpec, n: number, step: number): number => {
  const low = min === undefined ? Math.min(1, Number(max ?? 1)) : Number(min);
  const high = max === undefined ? low + 1_000_000 : Number(max);
  const places = Math.floor((high - low) / step) + 1;
  return low + (n % places) * step;
};

const outside = ({ min, max }: FieldSpec): number[] => [
  ...(min === undefined ? [] : [Number(min) - 1]),
  ...(max === undefined ? [] : [Number(max) + 1]),
];

/** The members of a character class or escape, as far as it is simple; one character for anything else. */
const members = (source: string): string => {
  const classes: { readonly [escape: string]: string } = {
    '\\d': '0-9',
    '\\w': 'a-z',
    '\\S': 'a-z',
    '.': 'a-z',
  };
  const inner =
    classes[source] ?? (source.startsWith('[') ? source.slice(1, -1) : source.replace('\\', ''));
  return inner
    .replace(/\\d/g, '0-9')
    .replace(/\\w/g, 'a-z')
    .replace(/(.)-(.)/g, (_all, from: string, to: string) => {
      const length = to.charCodeAt(0) - from.charCodeAt(0) + 1;
      return Array.from({ length }, (_, i) => String.fromCharCode(from.charCodeAt(0) + i)).join('');
    });
};

const part = /(\[\^?(?:\\.|[^\]\\])+\]|\\.|[^\\^$])(\{(\d+)(?:,\d*)?\}|[+*?])?/g;

/** A text for a simple pattern (literals, classes, counts), the last places counting n; undefined when it does not fit. */
const fromPattern = (pattern: string, n: number): string | undefined => {
  let rest = n;
  const places = [...pattern.matchAll(part)].flatMap(([, one = '', count, times]) => {
    const choices = members(one);
    const repeat = times === undefined ? (count === '*' || count === '?' ? 0 : 1) : Number(times);
    return Array.from({ length: count === '+' ? 6 : repeat }, () => choices);
  });
  const text = places.reduceRight((tail, choices) => {
    const char = choices[rest % choices.length] ?? '';
    rest = Math.floor(rest / choices.length);
    return char + tail;
  }, '');
  return new RegExp(pattern, 'u').test(text) ? text : undefined;
};

/** Text within the limits; a pattern beyond `fromPattern` needs a default in the model to be sampled. */
const text = (stem: string, field: FieldSpec, n: number): string => {
  const { pattern, minLength = 0, maxLength = 255 } = field;
  if (pattern !== undefined) {
    const [given] = [field.default].flat();
    return fromPattern(pattern, n) ?? (typeof given === 'string' ? given : stem);
  }
  const number = String(n);
  const room = Math.max(0, maxLength - number.length);
  return (
    stem.slice(0, room).padEnd(Math.min(room, minLength - number.length), '-') + number
  ).slice(-maxLength);
};

const invalidText = ({
  maxLength,
  minLength,
  pattern,
  required,
  array,
}: FieldSpec): JsonValue[] => [
  12,
  { a: 1 },
  ['a'],
  ...(required && !array ? ['  '] : []),
  ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
  ...(minLength === undefined || minLength < 2 ? [] : ['x']),
  ...(pattern === undefined || new RegExp(pattern, 'u').test('\u{1f6ab}') ? [] : ['\u{1f6ab}']),
];

const dayMs = 86_400_000;

/** Day n from 2026 on; starts again before years get a fifth digit. */
const clock = (n: number): Date => new Date(Date.UTC(2026, 0, 1) + (n % 2_900_000) * dayMs);

/** A moment within [min, max] of the field, 1,000 days where one of them is open; without limits, day n from 2026 on. */
const moment = ({ min, max }: FieldSpec, n: number): string => {
  if (min === undefined && max === undefined) return clock(n).toISOString();
  const low = min === undefined ? Date.parse(String(max)) - 1_000 * dayMs : Date.parse(String(min));
  const high = max === undefined ? low + 1_000 * dayMs : Date.parse(String(max));
  const days = Math.floor((high - low) / dayMs) + 1;
  return new Date(low + (n % days) * dayMs).toISOString();
};

const invalidMoment = ({ min, max }: FieldSpec, cut: number): string[] => [
  ...(min === undefined
    ? []
    : [new Date(Date.parse(String(min)) - dayMs).toISOString().slice(0, cut)]),
  ...(max === undefined
    ? []
    : [new Date(Date.parse(String(max)) + dayMs).toISOString().slice(0, cut)]),
];

export const samples: Readonly<Record<Exclude<FieldType, 'object'>, Samples>> = {
  string: {
    sample: (field, n) => text('Sample ', field, n),
    invalid: (field) => [...invalidText(field), 'two\nlines'],
  },
  text: { sample: (field, n) => text('Sample text ', field, n), invalid: invalidText },
  integer: {
    sample: (field, n) => Math.ceil(within(field, n, 1)),
    invalid: (field) => ['7', 1.5, true, ...outside(field)],
  },
  number: {
    sample: (field, n) => within(field, n, 0.5),
    invalid: (field) => ['10', true, {}, ...outside(field)],
  },
  decimal: {
    sample: (field, n) => within(field, n, 0.25).toFixed(2),
    invalid: (field) => [
      12.3,
      '1,5',
      'abc',
      '',
      ...outside(field).map((value) => value.toFixed(2)),
    ],
  },
  boolean: { sample: (_field, n) => n % 2 === 0, invalid: () => ['true', 1] },
  date: {
    sample: (field, n) => moment(field, n).slice(0, 10),
    invalid: (field) => [
      '2026-02-30',
      '2026-01-31T00:00:00Z',
      'today',
      20260131,
      ...invalidMoment(field, 10),
    ],
  },
  datetime: {
    sample: moment,
    invalid: (field) => [
      '2026-01-31',
      '2026-01-31T25:00:00Z',
      'now',
      1769860800,
      ...invalidMoment(field, 24),
    ],
  },
  email: {
    sample: (_field, n) => `person${n}@example.com`,
    invalid: () => ['nobody', 'a@b', 'a b@example.com', 7],
  },
  url: {
    sample: (_field, n) => `https://example.com/${n}`,
    invalid: () => ['javascript:alert(1)', 'ftp://example.com', 'example', 7],
  },
  slug: {
    sample: (field, n) => text('sample-', field, n).replace(/-(?=-|$)/g, 'x'),
    invalid: () => ['Not A Slug', '-a', 'a--b', 7],
  },
  uuid: {
    sample: (_field, n) => `00000000-0000-4000-8000-${hex(n, 12)}`,
    invalid: () => ['not-a-uuid', '123', 7],
  },
  ref: { sample: (_field, n) => hex(n, 24), invalid: () => ['abc', 7, { _id: hex(1, 24) }] },
  enum: {
    sample: ({ values = [] }, n) => values[n % values.length] ?? '',
    invalid: ({ values = [] }) => [`not-${values.join('-')}`, 7],
  },
  json: {
    sample: (_field, n) => ({ n, note: `Note ${n}` }),
    invalid: (): JsonValue[] => [{ $where: '1' }, { 'a.b': 1 }],
  },
  point: {
    sample: (_field, n) => [(n % 180) + 0.5, (n % 90) + 0.25],
    invalid: () => [[181, 0], [0, 91], [1], 'here', { lng: 1, lat: 2 }],
  },
  password: { sample: (_field, n) => `Correct-horse-${n}`, invalid: () => ['short', 12345678] },
};
