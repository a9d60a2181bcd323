// The parameters of the OpenAPI description: what may stand in a query string and in request headers.
import type { JsonObject, JsonSchema } from './field.ts';
import { askedFields, searchFields, type Asked, type Model } from './model.ts';
import { conditionSchema, embedList, nameLists, searchWords } from './openapi-query.ts';
import { isReserved } from './reserved.ts';

type Named = { [key: string]: JsonObject };

const parameter = (
  place: 'query' | 'header' | 'path',
  name: string,
  schema: JsonSchema,
  description: string,
): JsonObject => ({
  name,
  in: place,
  ...(place === 'path' && { required: true }),
  schema,
  description,
});

const text: JsonSchema = { type: 'string' };

const tag = '(W/)?"\\d{1,15}"';

/** Those that all resources share, under their component names. */
export const commonParameters: Readonly<Named> = {
  id: parameter('path', 'id', { type: 'string', pattern: '^[0-9a-fA-F]{24}$' }, 'The `_id`'),
  page: parameter(
    'query',
    'page',
    { type: 'integer', minimum: 1, maximum: 10_000 },
    'Page number; page × limit ends at 10 000',
  ),
  limit: parameter(
    'query',
    'limit',
    { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 },
    'Documents on a page: 20 unless said, never more than 100',
  ),
  cursor: parameter(
    'query',
    'cursor',
    { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
    '`meta.next` of the page before, instead of a page number',
  ),
  count: parameter(
    'query',
    'count',
    { type: 'string', enum: ['bounded', 'exact', 'none'] },
    '`bounded`, unless said, stops counting at 10 000',
  ),
  q: parameter('query', 'q', searchWords, 'Words to look for, at most 5'),
  ifMatch: parameter(
    'header',
    'If-Match',
    { type: 'string', pattern: `^(\\*|${tag}(, ?${tag})*)$` },
    'The ETag of the document as it was read: 412 when it has changed',
  ),
  ifNoneMatch: parameter(
    'header',
    'If-None-Match',
    text,
    'The ETag of a copy: 304 when it is current',
  ),
  onlyNew: parameter(
    'header',
    'If-None-Match',
    { type: 'string', enum: ['*'] },
    'Creates the document under this id; 412 when there is one',
  ),
  prefer: parameter('header', 'Prefer', text, '`return=minimal` for an answer without a body'),
  idempotencyKey: parameter(
    'header',
    'Idempotency-Key',
    // In quotes or not; the quotes do not count, and two of them alone are empty.
    {
      type: 'string',
      pattern: '^("[!-~]{1,255}"|[!#-~][!-~]{0,254}|"([!-~]{0,253}[!#-~])?)$',
    },
    'Makes it safe to send the request again: the same key is answered the same, for a day',
  ),
};

/** Refers to parameters by their component names. */
export const shared = (...names: readonly string[]): JsonObject[] =>
  names.map((name) => ({ $ref: `#/components/parameters/${name}` }));

/** A common parameter that this operation demands. */
export const demanded = (name: string): JsonObject => ({
  ...commonParameters[name],
  required: true,
});

const condition = ({ path, field, operators }: Asked): JsonObject => {
  const others = operators
    .filter((operator) => operator !== 'eq')
    .map((operator) => `\`${path}[${operator}]\``);
  return parameter(
    'query',
    isReserved(path) ? `${path}[eq]` : path,
    conditionSchema(field),
    `Equal to. Also ${others.join(', ')}`,
  );
};

const shapingParameters = (model: Model): Named => {
  const embed = embedList(model);
  const about = 'Fields to show, or with `-` to leave out: `name,price` or `-tags`';
  return {
    [`${model.plural}-fields`]: parameter('query', 'fields', nameLists(model).fields, about),
    ...(embed && {
      [`${model.plural}-embed`]: parameter(
        'query',
        'embed',
        embed,
        'References to replace by their documents, at most 3',
      ),
    }),
  };
};

/** The parameters of one resource under their component names: `products-sort`, `products.price`, … */
export const modelParameters = (model: Model): Named => ({
  [`${model.plural}-sort`]: parameter(
    'query',
    'sort',
    nameLists(model).sort,
    'At most 3 fields: `-price,name`',
  ),
  ...shapingParameters(model),
  ...Object.fromEntries(
    askedFields(model)
      .filter(({ operators }) => operators.includes('eq'))
      .map((asked) => [`${model.plural}.${asked.path}`, condition(asked)]),
  ),
});

/** Which fields an answer shows, and which references it embeds. */
export const shaping = (model: Model): JsonObject[] =>
  shared(...Object.keys(shapingParameters(model)));

/** Everything that a list takes in its query string. */
export const listParameters = (model: Model): JsonObject[] => [
  ...shared('page', 'limit', 'cursor', 'count'),
  ...(searchFields(model).length > 0 ? shared('q') : []),
  ...shared(...Object.keys(modelParameters(model))),
];
