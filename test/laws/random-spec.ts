/** Specs at random, with names and texts that are hard on generators. What the spec room refuses is left out, and counted. */
import { parseSpec } from '../../src/spec/parse.ts';
import { fieldTypes, type Spec } from '../../src/spec/schema.ts';
import { fc } from '../properties.ts';

type Loose = Record<string, unknown>;

const nouns = `product category person news class package default import date map model context router service crud list array promise error object symbol status data series analysis child foot box city quiz orderItem user2 aB x info app test event function let await yield static enum interface type number string undefined arguments name create read patch remove replace blueprint stored express config env pages site ${'long'.repeat(15)}`;
const fieldNames =
  'name title price count tags status on with class default new delete type values fields required min max limit page sort q embed cursor length then description ref parent child a A a1 snake_case';

const singular = fc.constantFrom(...nouns.split(' '));
const fieldName = fc.constantFrom(...fieldNames.split(' '));

const description = fc.oneof(
  fc.string({ minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    '*/ export',
    `it's "q"`,
    '`${x}`',
    '{{7*7}}',
    '| a | b |',
    '<script>',
    '# head',
    '漢字 表',
    '--> x',
    '\\',
  ),
);

const flag = fc.constantFrom(undefined, undefined, true as const);

/** Without the keys whose value is undefined: a spec has no such thing. */
const defined = (loose: Loose): Loose =>
  Object.fromEntries(Object.entries(loose).filter(([, value]) => value !== undefined));

/** Only the modifiers that its type takes. */
const suited = (field: Loose): Loose => {
  const type = String(field['type']);
  const text = ['string', 'text'].includes(type);
  const opaque = ['json', 'point', 'password'].includes(type);
  const array = field['array'] && !opaque;
  return {
    ...field,
    array: array ? true : undefined,
    min: ['integer', 'number'].includes(type) ? field['min'] : undefined,
    maxLength: text ? field['maxLength'] : undefined,
    search: text && !field['private'] ? field['search'] : undefined,
    unique: opaque || array || type === 'text' || type === 'boolean' ? undefined : field['unique'],
    index: opaque || field['unique'] ? undefined : field['index'],
  };
};

const plainField: fc.Arbitrary<Loose> = fc
  .record({
    type: fc.constantFrom(
      ...fieldTypes.filter((type) => !['ref', 'object', 'enum'].includes(type)),
    ),
    description: fc.option(description, { nil: undefined }),
    required: flag,
    unique: flag,
    index: flag,
    private: flag,
    array: flag,
    search: flag,
    min: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
    maxLength: fc.option(fc.integer({ min: 10, max: 200 }), { nil: undefined }),
  })
  .map((field) => defined(suited(field)));

const enumField: fc.Arbitrary<Loose> = fc
  .uniqueArray(fc.constantFrom('draft', 'live', 'a-b', 'x y', "it's", 'é', '1', 'true'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((values) => ({ type: 'enum', values, default: values[0] }));

const { field } = fc.letrec<{ field: Loose }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 3 },
    plainField,
    enumField,
    fc
      .tuple(
        fc.dictionary(fieldName, tie('field'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
        flag,
      )
      .map(([fields, array]) => defined({ type: 'object', fields, array })),
  ),
}));

/** Why specs were refused, and how often. */
export const refusals = new Map<string, number>();

const complete = (text: string): Spec | undefined => {
  try {
    return parseSpec(text, 'random.json');
  } catch (error) {
    const { message } = error as Error;
    refusals.set(message, (refusals.get(message) ?? 0) + 1);
    return undefined;
  }
};

export const randomSpec: fc.Arbitrary<Spec> = fc
  .record({
    names: fc.uniqueArray(singular, { minLength: 1, maxLength: 5 }),
    fields: fc.array(
      fc.dictionary(fieldName, field, { minKeys: 1, maxKeys: 6, noNullPrototype: true }),
      { minLength: 5, maxLength: 5 },
    ),
    refs: fc.array(
      fc.tuple(fc.nat(4), fc.nat(4), flag, fc.constantFrom('restrict', 'cascade', 'nullify')),
      { maxLength: 4 },
    ),
    description: fc.option(description, { nil: undefined }),
    packageManager: fc.constantFrom('npm', 'pnpm'),
    database: fc.constantFrom('embedded', 'none'),
    pages: fc.oneof(fc.boolean(), fc.constantFrom(['about'], ['about-us', 'contact'])),
  })
  .map(({ names, fields, refs, ...rest }) => {
    const resources = new Map(names.map((name, index) => [name, { ...fields[index] } as Loose]));
    for (const [from, to, array, onDelete] of refs) {
      const [source, target] = [names[from % names.length], names[to % names.length]];
      if (source === undefined || target === undefined) continue;
      const ref = defined({ type: 'ref', to: target, array, onDelete });
      Object.assign(resources.get(source) ?? {}, { [`${target}Ref`.slice(-64)]: ref });
    }
    const described = [...resources].map(([name, own]) => [name, { fields: own }] as const);
    return defined({
      version: 1,
      name: 'random',
      features: [],
      resources: Object.fromEntries(described),
      ...rest,
    });
  })
  .map((spec) => complete(JSON.stringify(spec)))
  .filter((spec) => spec !== undefined);
