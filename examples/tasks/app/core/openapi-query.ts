// The query language in JSON Schema: what may stand in a list's parameters, and in the body of a search.
import type { FieldSpec, JsonObject, JsonSchema, JsonValue } from './field.ts';
import { askedFields, isPrivate, references, searchFields } from './model.ts';
import type { Asked, Model } from './model.ts';
import { wireSchema } from './openapi-fields.ts';
import { isReserved, mostConditions } from './reserved.ts';
import { fieldTypes } from './types.ts';

const isText = ({ type }: FieldSpec): boolean => fieldTypes[type].operators.includes('contains');

/** Bytes that are not UTF-8 arrive as U+FFFD, which is refused. */
const anyText: JsonSchema = { type: 'string', pattern: '^[^\\ufffd]*$' };

/** The value of a condition. Without the limits of the field: a question may be about values that cannot be stored. */
export const conditionSchema = (field: FieldSpec): JsonSchema => {
  if (isText(field)) return anyText;
  const { type, values } = field;
  const schema = wireSchema({ type, ...(values && { values }) }, '#/components/schemas');
  // A day is a moment too: its first.
  return type === 'datetime' ? { anyOf: [schema, { type: 'string', format: 'date' }] } : schema;
};

const listOf = (names: readonly string[], most: string, sign = ''): string => {
  const one = `${sign}(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})`;
  return `${one}(,${one})${most}`;
};

const words = (pattern: string): JsonSchema => ({ type: 'string', pattern: `^(${pattern})$` });

/** `sort=-price,name`, `fields=name,price`, `fields=-tags`: lists of the names there are. */
export const nameLists = (model: Model): { sort: JsonSchema; fields: JsonSchema } => {
  const asked = askedFields(model);
  const names = asked.map(({ path }) => path);
  const sortable = asked.filter((each) => each.sortable).map(({ path }) => path);
  return {
    sort: words(listOf(sortable, '{0,2}', '-?')),
    fields: words(`${listOf(names, '*')}|${listOf(names, '*', '-')}`),
  };
};

/** `embed=category`; nothing where the model has no references to show. */
export const embedList = (model: Model): JsonSchema | undefined => {
  const names = references(model)
    .filter(({ field }) => !isPrivate(field))
    .map(({ path }) => path);
  return names.length === 0 ? undefined : words(listOf(names, '{0,2}'));
};

/** Up to five words of at most 64 characters. */
export const searchWords = words('\\s*([^\\s\\u0000\\ufffd]{1,64}(\\s+|$)){0,5}');

const flag: JsonSchema = { enum: [true, false, 'true', 'false'] };

/** In a body, numbers and booleans need no quotes, and may have them. */
const bodyValue = (field: FieldSpec): JsonSchema => {
  const schema = conditionSchema(field);
  if (isText(field)) return { ...schema, type: ['string', 'number', 'boolean'] };
  const { type } = field;
  if (type === 'boolean') return flag;
  if (type === 'integer') return { anyOf: [schema, words('-?\\d{1,15}')] };
  if (type === 'number') {
    return { anyOf: [schema, words('-?\\d{1,200}(\\.\\d{1,200})?([eE][+-]?\\d{1,2})?')] };
  }
  // From 10^21 on, a number reads 1e+21.
  if (type === 'decimal') {
    const written = { exclusiveMinimum: -1e21, exclusiveMaximum: 1e21 };
    return { ...schema, type: ['string', 'integer'], ...written };
  }
  return schema;
};

const askedName = (type: string): string => `asked${type.charAt(0).toUpperCase()}${type.slice(1)}`;
const asked = (type: string): JsonSchema => ({ $ref: `#/components/schemas/${askedName(type)}` });

/** What all searches share: the values of each type, parts of texts, and yes or no. */
export const querySchemas = (): JsonObject => {
  const types = [
    'string',
    'integer',
    'number',
    'decimal',
    'date',
    'datetime',
    'uuid',
    'ref',
  ] as const;
  return {
    ...Object.fromEntries(types.map((type) => [askedName(type), bodyValue({ type })])),
    [askedName('part')]: {
      type: ['string', 'number', 'boolean'],
      maxLength: 64,
      pattern: '^[^\\u0000\\ufffd]*$',
    },
    [askedName('flag')]: flag,
  };
};

/** The same by reference; the words of an enum belong to its field. */
const valueOf = (field: FieldSpec): JsonSchema => {
  if (field.type === 'enum') return bodyValue(field);
  return asked(isText(field) ? 'string' : field.type === 'boolean' ? 'flag' : field.type);
};

const wholeNumber = (low: number, high: number, pattern: string): JsonSchema => ({
  anyOf: [{ type: 'integer', minimum: low, maximum: high }, words(pattern)],
});

const single = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'];
const several = ['in', 'nin', 'all'];
const within = ['contains', 'startsWith'];

/** The members `price[gte]`, `or[0][price]` and so on, as patterns; fields with the same values stand together. */
const operatorForms = (fields: readonly Asked[]): JsonObject => {
  const groups = new Map<string, { readonly schema: JsonSchema; readonly names: string[] }>();
  for (const { path, field, operators } of fields) {
    const take = (known: readonly string[], schema: JsonSchema): void => {
      const mine = known.filter((operator) => operators.includes(operator)).join('|');
      if (mine === '') return;
      const key = `${mine} ${JSON.stringify(schema)}`;
      const group = groups.get(key) ?? { schema, names: [] };
      group.names.push(path.replaceAll('.', '\\.'));
      groups.set(key, group);
    };
    const value = valueOf(field);
    take(single, value);
    take(several, { anyOf: [value, { type: 'array', items: value, maxItems: 50 }] });
    take(within, asked('part'));
    take(['exists'], asked('flag'));
  }
  return Object.fromEntries(
    [...groups].map(([key, { schema, names }]): [string, JsonValue] => {
      const [operators = ''] = key.split(' ', 1);
      const [name, operator] = [`(${names.join('|')})`, `\\[(${operators})\\]`];
      const inGroup = operators.startsWith('eq') ? `(${operator})?` : operator;
      return [`^(${name}${operator}|or\\[\\d\\]\\[${name}\\]${inGroup})$`, schema];
    }),
  );
};

/** The body of a search: the parameters of the list as members. */
export const searchBody = (model: Model): JsonSchema => {
  const fields = askedFields(model);
  const embed = embedList(model);
  const equal = fields.filter(
    ({ path, operators }) => operators.includes('eq') && !isReserved(path),
  );
  const properties: JsonObject = {
    page: wholeNumber(1, 10_000, '[1-9]\\d{0,3}'),
    limit: wholeNumber(0, 999_999_999_999_999, '\\d{1,15}'),
    cursor: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
    count: { enum: ['bounded', 'exact', 'none'] },
    ...(searchFields(model).length > 0 && {
      q: { ...searchWords, type: ['string', 'number', 'boolean'] },
    }),
    ...nameLists(model),
    ...(embed && { embed }),
  };
  return {
    type: 'object',
    maxProperties: mostConditions + Object.keys(properties).length,
    not: { required: ['page', 'cursor'] },
    properties: {
      ...properties,
      ...Object.fromEntries(equal.map(({ path, field }) => [path, valueOf(field)])),
    },
    patternProperties: operatorForms(fields),
    additionalProperties: false,
  };
};
