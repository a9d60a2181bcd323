import { allows, modifiers, textual, type Modifier } from '../../src/spec/field-rules.ts';
import { fieldTypes, type FieldSpec, type FieldType } from '../../src/spec/schema.ts';
import { fc } from '../properties.ts';

/** A text of what parts things in the shorthand, and of its own words. */
const awkward = fc
  .array(
    fc.constantFrom(':', ',', ' ', '"', "'", '=', '\\', '1', 'a', 'min=', 'required', 'default='),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(''));

/** A value for a modifier that a field of this type takes. */
function valueOf(type: FieldType, modifier: Modifier): fc.Arbitrary<unknown> {
  switch (modifier) {
    case 'min':
    case 'max':
      return ['date', 'datetime', 'decimal'].includes(type)
        ? fc.constantFrom(
            '2026-01-31',
            '12.30',
            '2026-01-31T09:30:00Z',
            '2026-01-31T00:00:00+01:00',
          )
        : fc
            .double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 })
            .map((n) => (n === 0 ? 0 : n));
    case 'minLength':
    case 'maxLength':
      return fc.nat(1000);
    case 'maxItems':
      return fc.integer({ min: 1, max: 1000 });
    case 'onDelete':
      return fc.constantFrom('restrict', 'cascade', 'nullify');
    case 'pattern':
      return fc.oneof(fc.string({ minLength: 1 }), awkward);
    case 'default':
      return fc
        .oneof(fc.jsonValue(), awkward, fc.array(awkward))
        .filter((value) => value !== null)
        .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    default:
      return fc.constant(true);
  }
}

/** Any field that the shorthand has words for, sensible or not. */
export const shorthandField: fc.Arbitrary<FieldSpec> = fc
  .constantFrom(...fieldTypes.filter((type) => type !== 'object'))
  .chain((type) =>
    fc
      .record(
        {
          ...Object.fromEntries(
            modifiers
              .filter((modifier) => allows(type, modifier))
              .map((modifier) => [modifier, valueOf(type, modifier)]),
          ),
          values: fc.array(fc.oneof(fc.constantFrom('in review', 'é=1', '08:00'), awkward), {
            minLength: 1,
            maxLength: 4,
          }),
        },
        { requiredKeys: ['values'] },
      )
      .map(({ values, ...more }): FieldSpec => {
        const field = { type, ...more } as FieldSpec;
        if (field.pattern !== undefined) delete field.default;
        if (field.default !== undefined && !field.array && textual.includes(type))
          field.default =
            typeof field.default === 'string' ? field.default : JSON.stringify(field.default);
        if (type === 'enum') field.values = values;
        if (type === 'ref') field.to = 'category';
        return field;
      }),
  );

export const fieldName = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,12}$/)
  .filter((name) => !/^(?:id|constructor|prototype|toJSON)$/.test(name));
