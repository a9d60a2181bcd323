import { describe, expect, it } from 'vitest';
import { buildFields } from '../../src/spec/build.ts';
import { parseField } from '../../src/spec/shorthand.ts';
import { printField } from '../../src/spec/shorthand-print.ts';
import type { FieldSpec } from '../../src/spec/schema.ts';
import { fc } from '../properties.ts';
import { fieldName, shorthandField } from './arbitrary.ts';

const read: [text: string, field: FieldSpec][] = [
  ['name', { type: 'string' }],
  ['name!', { type: 'string', required: true }],
  ['tags[]', { type: 'string', array: true }],
  ['tags:string[]!', { type: 'string', array: true, required: true }],
  ['note?:text', { type: 'text' }],
  ['a:integer:min=-1:max=10', { type: 'integer', min: -1, max: 10 }],
  ['a:number:min=1e-3', { type: 'number', min: 0.001 }],
  ['a:decimal:min=0.50', { type: 'decimal', min: '0.50' }],
  ['a:boolean:default=false', { type: 'boolean', default: false }],
  ['a:date:min=2026-01-01', { type: 'date', min: '2026-01-01' }],
  [
    'a:datetime:default=2026-01-01T00:00:00Z',
    { type: 'datetime', default: '2026-01-01T00:00:00Z' },
  ],
  [
    'a:datetime:min=2020-01-01T00:00:00Z:max=2030-01-01T09:30:00+01:00:required',
    {
      type: 'datetime',
      min: '2020-01-01T00:00:00Z',
      max: '2030-01-01T09:30:00+01:00',
      required: true,
    },
  ],
  ['a:enum:08:00,09:30:required', { type: 'enum', values: ['08:00', '09:30'], required: true }],
  ['a:enum:1,2:index', { type: 'enum', values: ['1', '2'], index: true }],
  ['a:email:unique:required', { type: 'email', unique: true, required: true }],
  ['a:url:private', { type: 'url', private: true }],
  ['a:slug:index', { type: 'slug', index: true }],
  ['a:uuid:readonly', { type: 'uuid', readonly: true }],
  ['a:ref:categories:onDelete=cascade', { type: 'ref', to: 'categories', onDelete: 'cascade' }],
  ['a:enum:draft,live:default=live', { type: 'enum', values: ['draft', 'live'], default: 'live' }],
  ['a:json:default={"a":[1,"x:y"]}', { type: 'json', default: { a: [1, 'x:y'] } }],
  ['a:point:index', { type: 'point', index: true }],
  ['a:password:minLength=12', { type: 'password', minLength: 12 }],
  [
    'a:string:search:maxLength=9:pattern=^[a-z]+:[0-9]+$',
    { type: 'string', search: true, maxLength: 9, pattern: '^[a-z]+:[0-9]+$' },
  ],
  ['a:string:default=', { type: 'string', default: '' }],
  [
    'a:string:array:maxItems=3:default=["x","y"]',
    { type: 'string', array: true, maxItems: 3, default: ['x', 'y'] },
  ],
];

const refused: [text: string, message: RegExp][] = [
  ['a:strng', /unknown type "strng".*did you mean string\?/],
  ['a:int', /did you mean integer\?/],
  ['a:string:requird', /unknown modifier "requird".*did you mean required\?/],
  ['a:integer:min=1:requird', /unknown modifier "requird".*did you mean required\?/],
  ['a:string:integer', /names two types, the second is integer/],
  ['a:required', /required where its type belongs.*write a:string:required/],
  ['a:enum', /enum without values/],
  ['a:ref', /ref without a target/],
  ['a:boolean:unique', /cannot be unique.*a boolean has no unique/],
  ['a:integer:pattern=x', /an integer has no pattern/],
  ['a:string:min=1', /a string has no min/],
  ['a:integer:min=x', /min=x, which is no number/],
  ['a:integer:min=', /min without a value/],
  ['a:string:minLength=-1', /a minLength that must be a whole number from 0 to 10000/],
  ['a:string:minLength=1.5', /a minLength that must be a whole number/],
  ['a:text:maxLength=10001', /a maxLength that must be a whole number/],
  ['a:string:array:maxItems=0', /a maxItems that must be a whole number from 1 to 1000/],
  ['a:string:array:maxItems=2.5', /a maxItems that must be a whole number/],
  [`a:string:pattern=^${'a'.repeat(200)}$`, /a pattern that must have at most 200 characters/],
  [`a:enum:${Array.from({ length: 201 }, (_, n) => n).join(',')}`, /values that .* at most 200/],
  ['a:integer:default=x', /default "x", which is not JSON/],
  ['a:string:required=yes', /gives required a value/],
  ['a:string:required:required', /says required twice/],
  ['a!:string:required', /says required twice/],
  ['a?:string:required', /both optional and required/],
  ['a:ref:b:onDelete=nullfy', /did you mean nullify\?/],
  ['a:string:', /unknown modifier ""/],
  ['', /field name "" is not a name/],
  ['a..b', /field name "" is not a name/],
  ['a.id', /field name "id" is reserved/],
];

const refusal = (what: () => unknown): string => {
  try {
    what();
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    return hint === undefined ? message : `${message} (${hint})`;
  }
  return 'accepted';
};

describe('a field as one argument', () => {
  it.each(read)('%s', (text, field) => {
    expect(parseField(text).field).toEqual(field);
  });

  it.each(refused)('%s is refused', (text, message) => {
    expect(refusal(() => parseField(text))).toMatch(message);
  });

  it.each(
    'id _id _rev createdAt updatedAt deletedAt createdBy __proto__ constructor prototype hasOwnProperty toJSON'.split(
      ' ',
    ),
  )('cannot be called %s, at no depth', (name) => {
    expect(refusal(() => parseField(`${name}:string`))).toMatch(/reserved/);
    expect(refusal(() => parseField(`outer.${name}:string`))).toMatch(/reserved/);
  });

  it('prints what it reads, and reads what it prints', () => {
    fc.assert(
      fc.property(fieldName, shorthandField, (name, field) => {
        const [text] = printField(name, field) ?? [];
        // What has no words: in a value of an enum, what parts the values or the modifiers.
        const [first = '', ...others] = field.values ?? [];
        const speechless =
          [first, ...others].some((value) => /,|:(?!\d)/.test(value)) ||
          /^(?:pattern|default)=/.test(first);
        expect(text === undefined).toBe(speechless);
        if (text === undefined) return;
        const again = parseField(text);
        expect(again).toEqual({ path: [name], field });
        expect(printField(name, again.field)).toEqual([text]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('nested fields', () => {
  it('make the objects they lie in', () => {
    expect(
      buildFields([
        'address.street:string:required',
        'address.geo.at:point',
        'items:object:array',
        'items.qty:integer:min=1',
      ]),
    ).toEqual({
      address: {
        type: 'object',
        fields: {
          street: { type: 'string', required: true },
          geo: { type: 'object', fields: { at: { type: 'point' } } },
        },
      },
      items: { type: 'object', array: true, fields: { qty: { type: 'integer', min: 1 } } },
    });
  });

  it('keep their place when the object is described later', () => {
    const fields = buildFields(['a.x:integer', 'b', 'a:object:required']);
    expect(Object.keys(fields)).toEqual(['a', 'b']);
    expect(fields['a']).toEqual({
      type: 'object',
      required: true,
      fields: { x: { type: 'integer' } },
    });
  });

  it.each([
    [['a:string', 'a.b:string'], /lies in a, which is no object/],
    [['a.b:string', 'a:string'], /"a" is given twice/],
    [['a.b:string', 'a.b:integer'], /"a\.b" is given twice/],
    [['a:object', 'a.b', 'a:object'], /"a" is given twice/],
  ])('%j is refused', (texts, message) => {
    expect(refusal(() => buildFields(texts))).toMatch(message);
  });

  it('read back from what an object prints', () => {
    const objects = fc.dictionary(fieldName, shorthandField, { minKeys: 1, maxKeys: 4 });
    fc.assert(
      fc.property(fieldName, objects, (name, fields) => {
        const lines = printField(name, { type: 'object', array: true, fields });
        if (lines !== undefined)
          expect(buildFields(lines)).toEqual({ [name]: { type: 'object', array: true, fields } });
      }),
    );
  });
});
