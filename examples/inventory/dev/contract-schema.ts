import {
  type Json,
  type JsonObject,
  isObject,
  list,
  object,
  resolve,
  same,
  text,
} from './contract-json.ts';

/** Two versions of a document, and where findings go. */
export interface Comparison {
  before: Json;
  after: Json;
  report(where: string, what: string): void;
  /** Pairs of schemas that were compared: they may refer to themselves, and to each other many times. */
  seen: Set<string>;
}

/** Who sends a value decides what breaks: a narrower request is refused, a wider answer is not understood. */
export type Direction = 'request' | 'response';

const upperLimits = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const lowerLimits = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
/** Keywords whose new or changed value is taken for narrower: to tell would need a proof. */
const restrictions = [
  'pattern',
  'format',
  'multipleOf',
  'uniqueItems',
  'not',
  'propertyNames',
  'const',
];
const alternatives = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const anyType = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

const typesOf = ({ type }: JsonObject): Set<Json> => {
  const types = new Set<Json>(
    type === undefined ? anyType : typeof type === 'string' ? [type] : list(type),
  );
  if (types.has('number')) types.add('integer');
  return types;
};

/** Groups of words, such as the names of fields in the pattern of `sort`. */
const choices = /(?<!\\)\(([\w\\.]+(?:\|[\w\\.]+)*)(?<!\\)\)/g;

/** Whether a pattern is the former one with more words to choose from; nothing in it may be negated. */
const hasMoreChoices = (before: Json | undefined, after: Json | undefined) => {
  if (typeof before !== 'string' || typeof after !== 'string') return false;
  const patterns = [before, after];
  if (patterns.some((pattern) => /\(\?<?!|\[\^|\\[\dk]/.test(pattern))) return false;
  const [frame, frameNow] = patterns.map((pattern) => pattern.replace(choices, '()'));
  const [words = [], wordsNow = []] = patterns.map((pattern) =>
    [...pattern.matchAll(choices)].map(([, group = '']) => group.split('|')),
  );
  return (
    frame === frameNow &&
    words.every((group, index) => group.every((word) => wordsNow[index]?.includes(word)))
  );
};

const narrowedLimits = (before: JsonObject, after: JsonObject): string[] => {
  const value = (schema: JsonObject, key: string, unlimited: number) => {
    const limit = schema[key];
    return typeof limit === 'number' ? limit : unlimited;
  };
  const lowest = (key: string) => (key.startsWith('min') && key !== 'minimum' ? 0 : -Infinity);
  return [
    ...upperLimits.filter((key) => value(after, key, Infinity) < value(before, key, Infinity)),
    ...lowerLimits.filter(
      (key) => value(after, key, lowest(key)) > value(before, key, lowest(key)),
    ),
    ...restrictions.filter(
      (key) =>
        after[key] !== undefined &&
        after[key] !== false &&
        !same(before[key], after[key]) &&
        !(key === 'pattern' && hasMoreChoices(before[key], after[key])),
    ),
  ];
};

const compareTypes = (before: JsonObject, after: JsonObject, direction: Direction) => {
  const [given, understood] = direction === 'request' ? [before, after] : [after, before];
  const types = typesOf(understood);
  const lost = [...typesOf(given)].filter((type) => !types.has(type));
  if (lost.length === 0) return undefined;
  return direction === 'request'
    ? `type ${lost.map(text).join(', ')} is refused`
    : `type ${lost.map(text).join(', ')} is new in the answer`;
};

const compareEnums = (before: JsonObject, after: JsonObject, direction: Direction): string[] => {
  if (after.enum === undefined) return [];
  if (before.enum === undefined)
    return direction === 'request' ? ['only certain values are accepted'] : [];
  const kept = new Set(list(after.enum).map((member) => JSON.stringify(member)));
  return list(before.enum)
    .map((member) => JSON.stringify(member))
    .filter((member) => !kept.has(member))
    .map((member) => `enum member ${member} was removed`);
};

const compareRequired = (
  before: JsonObject,
  after: JsonObject,
  direction: Direction,
): [Json, string][] => {
  const [old, now] = [list(before.required), list(after.required)];
  return direction === 'request'
    ? now.filter((name) => !old.includes(name)).map((name) => [name, 'is newly required'])
    : old
        .filter((name) => !now.includes(name))
        .map((name) => [name, 'is not always answered any more']);
};

/** Reports what of a schema's change can break a client, below `where` (`Product#/tags`, say). */
export const compareSchemas = (
  comparison: Comparison,
  beforeValue: Json | undefined,
  afterValue: Json | undefined,
  direction: Direction,
  place: string,
): void => {
  const refs = [beforeValue, afterValue].map((value) => object(value).$ref);
  const name = typeof refs[0] === 'string' ? refs[0].split('/').at(-1) : undefined;
  if (name !== undefined) {
    const pair = [...refs.map(text), direction].join(' ');
    if (comparison.seen.has(pair)) return;
    comparison.seen.add(pair);
  }
  const where = name === undefined ? place : `${direction} ${name}#`;
  const before = resolve(comparison.before, beforeValue);
  const after = resolve(comparison.after, afterValue);
  const report = (what: string, at = where) => {
    comparison.report(at, what);
  };

  const types = compareTypes(before, after, direction);
  if (types !== undefined) report(types);
  for (const what of compareEnums(before, after, direction)) report(what);
  if (direction === 'request') {
    for (const key of narrowedLimits(before, after)) report(`${key} was narrowed`);
  }
  compareObjects(comparison, before, after, direction, where);
  const items = before.items ?? after.items;
  if (items !== undefined && [before, after].every((schema) => typesOf(schema).has('array'))) {
    compareSchemas(comparison, before.items, after.items, direction, `${where}/*`);
  }
  for (const key of alternatives)
    compareAlternatives(comparison, key, before, after, direction, where);
};

const compareObjects = (
  comparison: Comparison,
  before: JsonObject,
  after: JsonObject,
  direction: Direction,
  where: string,
) => {
  const properties = object(after.properties);
  for (const [name, schema] of Object.entries(object(before.properties))) {
    const at = `${where}/${name}`;
    const now = properties[name];
    if (now === undefined) comparison.report(at, 'field was removed');
    else {
      compareSchemas(comparison, schema, now, direction, at);
      const readOnly = (value: Json) => object(value).readOnly === true;
      if (direction === 'request' && readOnly(now) && !readOnly(schema))
        comparison.report(at, 'is read-only now');
    }
  }
  for (const [name, what] of compareRequired(before, after, direction)) {
    const removed = direction === 'response' && properties[text(name)] === undefined;
    if (!removed) comparison.report(`${where}/${text(name)}`, what);
  }
  const [old, now] = [before.additionalProperties ?? true, after.additionalProperties ?? true];
  if (isObject(old) && isObject(now)) compareSchemas(comparison, old, now, direction, `${where}/*`);
  else if (direction === 'request' && old !== false && now !== true && !same(old, now)) {
    comparison.report(where, 'other fields are refused');
  }
};

const compareAlternatives = (
  comparison: Comparison,
  key: string,
  before: JsonObject,
  after: JsonObject,
  direction: Direction,
  where: string,
) => {
  const [old, now] = [list(before[key]), list(after[key])];
  const isNew = before[key] === undefined && after[key] !== undefined;
  if (direction === 'request' && (isNew || (key === 'allOf' && now.length > old.length))) {
    comparison.report(where, `${key} was narrowed`);
  }
  old.forEach((schema, index) => {
    const { $ref } = object(schema);
    const match =
      now.find((other) => $ref !== undefined && object(other).$ref === $ref) ?? now[index];
    if (match !== undefined)
      compareSchemas(comparison, schema, match, direction, `${where}/${key}/${index}`);
    else if (key !== 'allOf' && after[key] !== undefined)
      comparison.report(where, `${key}/${index} was removed`);
  });
};
