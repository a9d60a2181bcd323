// The query language of a list: filter, search, order, page, projection, embedding; every mistake at once.
import type { Doc } from './bson.ts';
import type { Limits } from './context.ts';
import {
  and,
  condition,
  matching,
  or,
  queryables,
  searchMistake,
  type Queryable,
} from './filter.ts';
import type { SortKey } from './find.ts';
import { references, searchFields, type FieldAt, type Model } from './model.ts';
import { reading, type Parameters, type Reading } from './parameters.ts';
import { isReserved, mostConditions, reserved } from './reserved.ts';
import { projection, type Projection } from './walk.ts';

export interface ReadQuery {
  readonly projection: Projection | undefined;
  readonly embed: readonly FieldAt[];
}

export interface ListQuery extends ReadQuery {
  readonly filter: Doc;
  readonly sort: readonly SortKey[];
  readonly limit: number;
  readonly page: number;
  /** Position to go on from, instead of a page number. */
  readonly cursor: string | undefined;
  readonly count: 'bounded' | 'exact' | 'none';
}

/** What may be asked of one model. */
export interface Vocabulary {
  readonly fields: ReadonlyMap<string, Queryable>;
  readonly refs: ReadonlyMap<string, FieldAt>;
  readonly searched: readonly string[];
  readonly textIndex: boolean;
  readonly names: readonly string[];
}

const most = { sortKeys: 3, embeds: 3, terms: 5 };

export const vocabulary = (model: Model): Vocabulary => {
  const fields = queryables(model);
  const refs = references(model).filter(({ path }) => fields.has(path));
  return {
    fields,
    refs: new Map(refs.map((at) => [at.path, at])),
    searched: searchFields(model),
    textIndex: model.search === 'text',
    names: [...fields.keys(), ...reserved.filter((word) => word !== 'deleted')],
  };
};

/** field, field[op], or[0][field], or[0][field][op] */
const grammar = /^(?:or\[(\d)\]\[([\w.]{1,100})\]|([\w.]{1,100}))(?:\[(\w{1,12})\])?$/;

/** Everything that is not a reserved word: conditions, those of one or-group together. */
const conditions = (read: Reading, words: Vocabulary): Doc[] => {
  const all: Doc[] = [];
  const groups = new Map<string, Doc[]>();
  let count = 0;
  for (const [name, given] of Object.entries(read.parameters)) {
    if (given === undefined || (isReserved(name) && name !== 'deleted')) continue;
    const [, group, inGroup, alone, operator] = grammar.exec(name) ?? [];
    const path = inGroup ?? alone ?? name;
    const target = words.fields.get(path);
    if (!target || (isReserved(name) && operator === undefined)) {
      read.unknown(name, path, 'is not a parameter of this resource');
      continue;
    }
    const texts = typeof given === 'string' ? [given] : given;
    if (texts.some((text) => text.includes('\ufffd'))) {
      read.fail(name, 'type', 'is not percent-encoded UTF-8');
      continue;
    }
    count += 1;
    const result = condition(target, operator ?? 'eq', given);
    if ('mistake' in result) read.fail(name, result.mistake.code, result.mistake.text);
    else if (group === undefined) all.push(result.filter);
    else groups.set(group, [...(groups.get(group) ?? []), result.filter]);
  }
  if (count > mostConditions) {
    read.fail('filter', 'too_many_conditions', `must have at most ${mostConditions} conditions`);
  }
  return groups.size === 0 ? all : [...all, or([...groups.values()].map(and))];
};

/** `q=red lamp`: every term in some search field, or the text index. */
const search = (read: Reading, { searched, textIndex }: Vocabulary): Doc[] => {
  const text = read.word('q');
  if (text === undefined) return [];
  if (searched.length === 0) {
    read.unknown('q', 'q', 'is not a parameter of this resource');
    return [];
  }
  const terms = text.split(/\s+/).filter((term) => term !== '');
  if (terms.length > most.terms)
    read.fail('q', 'too_many_terms', `must have at most ${most.terms} terms`);
  for (const term of terms) {
    const mistake = searchMistake(term);
    if (mistake) read.fail('q', mistake.code, mistake.text);
  }
  if (textIndex) return terms.length === 0 ? [] : [{ $text: { $search: terms.join(' ') } }];
  return terms.map((term) => or(searched.map((path) => matching(path, term, ''))));
};

const sortKeys = (read: Reading, { fields }: Vocabulary): SortKey[] => {
  const text = read.word('sort');
  const keys: SortKey[] = [];
  for (const part of text === undefined ? [] : text.split(',')) {
    const path = part.replace(/^-/, '');
    const target = fields.get(path);
    if (!target) read.unknownField('sort', path, fields.keys());
    else if (!target.sortable) read.fail('sort', 'not_sortable', `cannot be by ${path}`);
    else if (keys.some(([known]) => known === path))
      read.fail('sort', 'repeated_field', `names ${path} twice`);
    else keys.push([path, part.startsWith('-') ? -1 : 1]);
  }
  if (keys.length > most.sortKeys)
    read.fail('sort', 'too_many_keys', `must have at most ${most.sortKeys} fields`);
  // Ties are broken by the id, so that pages neither repeat nor lose a document.
  return keys.some(([path]) => path === '_id') ? keys : [...keys, ['_id', 1]];
};

const shown = (read: Reading, { fields }: Vocabulary): Projection | undefined => {
  const text = read.word('fields');
  if (text === undefined) return undefined;
  const parts = text.split(',');
  const dropped = parts.filter((part) => part.startsWith('-'));
  if (dropped.length > 0 && dropped.length < parts.length) {
    read.fail('fields', 'mixed_fields', 'must either name fields or leave fields out');
    return undefined;
  }
  const paths = parts.map((part) => part.replace(/^-/, ''));
  for (const path of paths) {
    if (!fields.has(path)) read.unknownField('fields', path, fields.keys());
  }
  return projection(paths, dropped.length === 0);
};

const embedded = (read: Reading, { refs }: Vocabulary): FieldAt[] => {
  const text = read.word('embed');
  const paths = text === undefined ? [] : [...new Set(text.split(','))];
  if (paths.length > most.embeds)
    read.fail('embed', 'too_many_embeds', `must name at most ${most.embeds} fields`);
  return paths.flatMap((path) => {
    const reference = refs.get(path);
    if (!reference) read.unknownField('embed', path, refs.keys());
    return reference ?? [];
  });
};

const counting = (read: Reading): ListQuery['count'] => {
  const text = read.word('count') ?? 'bounded';
  if (text === 'bounded' || text === 'exact' || text === 'none') return text;
  read.fail('count', 'enum', 'must be bounded, exact or none');
  return 'bounded';
};

/** Reads the parameters of a list. Throws one problem with every mistake. */
export const parseListQuery = (
  parameters: Parameters,
  words: Vocabulary,
  limits: Limits,
): ListQuery => {
  const read = reading(parameters, words.names);
  const limit = Math.min(read.number('limit', 0, limits.pageSize), limits.maxPageSize);
  const page = read.number('page', 1, 1);
  const cursor = read.word('cursor');
  if (cursor !== undefined && parameters.page !== undefined) {
    read.fail('cursor', 'repeated_parameter', 'and page exclude each other');
  }
  if (page * Math.max(limit, 1) > limits.pageWindow) {
    read.fail('page', 'range', `and limit reach past ${limits.pageWindow}; use cursor instead`);
  }
  const query: ListQuery = {
    filter: and([...conditions(read, words), ...search(read, words)]),
    sort: sortKeys(read, words),
    limit,
    page,
    cursor,
    count: counting(read),
    projection: shown(read, words),
    embed: embedded(read, words),
  };
  read.settle();
  return query;
};

/** Reads the parameters of a single document: `fields` and `embed`. */
export const parseReadQuery = (parameters: Parameters, words: Vocabulary): ReadQuery => {
  const read = reading(parameters, ['fields', 'embed']);
  read.only(['fields', 'embed']);
  const query = { projection: shown(read, words), embed: embedded(read, words) };
  read.settle();
  return query;
};
