import { anchor, element, group, prose, table } from './element.js';

const limits = [
  'format',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'multipleOf',
  'default',
];

/** What `{ $ref }` points to; other values as they are. */
export const resolve = (document, value) => {
  const path = value?.$ref?.split('/').slice(1);
  return path ? path.reduce((at, key) => at?.[key], document) : value;
};

const nameOf = (schema) => schema.$ref?.split('/').at(-1);

/** A schema in a few words: `string`, `array of Product`, `"draft" or "live"`. */
export const typeOf = (schema = {}) => {
  const name = nameOf(schema);
  if (name) return element('a', { href: `#${anchor('schema', name)}` }, name);
  if (schema === true || schema === false) return schema ? 'anything' : 'nothing';
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((member) => JSON.stringify(member)).join(' or ');
  const alternatives = schema.oneOf ?? schema.anyOf;
  if (alternatives)
    return group(
      ...alternatives.flatMap((one, i) => (i > 0 ? [' or ', typeOf(one)] : [typeOf(one)])),
    );
  if (schema.items) return group('array of ', typeOf(schema.items));
  return [schema.type ?? (schema.properties ? 'object' : 'anything')].flat().join(' or ');
};

/** Everything about a value that is no type: description, limits, who may write it. */
export const notesOf = (schema = {}) => {
  const inner =
    schema.items && !schema.items.$ref ? limits.filter((key) => key in schema.items) : [];
  const words = [
    schema.readOnly && 'read-only',
    schema.writeOnly && 'write-only',
    ...limits.filter((key) => key in schema).map((key) => `${key}: ${JSON.stringify(schema[key])}`),
    ...inner.map((key) => `${key} of each: ${JSON.stringify(schema.items[key])}`),
  ].filter(Boolean);
  return group(
    schema.description && element('span', {}, prose(schema.description), ' '),
    words.length > 0 ? element('span', { class: 'muted' }, words.join(', ')) : undefined,
  );
};

const fieldsOf = (schema, prefix = '') =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const row = [
      element(
        'code',
        {},
        path,
        schema.required?.includes(name) ? element('abbr', { title: 'required' }, '*') : '',
      ),
      typeOf(field),
      notesOf(field),
    ];
    const nested = field.properties ? field : field.items?.properties ? field.items : undefined;
    return [row, ...(nested ? fieldsOf(nested, `${path}${field.items ? '[]' : ''}.`) : [])];
  });

/** The fields of an object as a table; a line for any other schema. */
export const schemaView = (schema = {}, caption = 'Fields') => {
  const rows = fieldsOf(schema);
  if (rows.length === 0) return element('p', {}, typeOf(schema), ' ', notesOf(schema));
  return table(caption, ['Field', 'Type', 'Notes'], rows);
};

/** A value of the schema to begin with: its example, or one made up of its parts. */
export const sampleOf = (document, value, depth = 0) => {
  const schema = resolve(document, value) ?? {};
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.length > 0) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const alternative = (schema.oneOf ?? schema.anyOf)?.[0];
  if (alternative) return sampleOf(document, alternative, depth);
  const type = [schema.type].flat()[0];
  if (type === 'object' || schema.properties) {
    const fields = Object.entries(schema.properties ?? {}).filter(
      ([, field]) => !field.readOnly && depth < 4,
    );
    return Object.fromEntries(
      fields.map(([name, field]) => [name, sampleOf(document, field, depth + 1)]),
    );
  }
  if (type === 'array') return [];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  return type === 'null' ? null : 'text';
};
