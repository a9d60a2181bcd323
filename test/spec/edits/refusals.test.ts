import { describe, expect, test } from 'vitest';
import { addFields, removeField, renameField } from '../../../src/spec/edits/fields.ts';
import { addResource, removeResource, renameResource } from '../../../src/spec/edits/resources.ts';
import { parseSpec } from '../../../src/spec/parse.ts';
import { refusal } from '../support.ts';

const shop = parseSpec(
  JSON.stringify({
    name: 'shop',
    resources: {
      category: { fields: { name: { type: 'string', required: true, description: 'Shown.' } } },
      product: {
        search: 'text',
        fields: {
          name: { type: 'string', search: true },
          price: { type: 'number', min: 0 },
          category: { type: 'ref', to: 'category' },
          address: { type: 'object', fields: { street: { type: 'string' } } },
          lines: { type: 'object', array: true, fields: { sku: { type: 'string' } } },
          parent: { type: 'ref', to: 'product' },
        },
      },
      orderItem: { path: '/items', fields: { qty: { type: 'integer' } } },
    },
  }),
  'flask-style.json',
);

describe('what is there already', () => {
  test.each(['Categories', 'category', 'CATEGORY'])(
    '%s with the same fields is nothing to do',
    (name) => {
      expect(addResource(shop, { name, fields: ['name:string:required'] })).toBe(shop);
    },
  );

  test('with other fields is refused with the difference', async () => {
    const differs = (...fields: string[]) =>
      refusal(() => addResource(shop, { name: 'category', fields }));
    expect(await differs('name:text', 'note')).toBe(
      'there is a resource category already: it has name:string:required, not name:text (and 1 more) (add field category <field ...>, or edit flask-style.json and run apply)',
    );
    expect(await differs('name:string:required', 'note')).toContain('it has no field note');
    expect(
      await refusal(() =>
        addResource(shop, { name: 'category/categorys', fields: ['name:string:required'] }),
      ),
    ).toContain('it has the plural categories, not categorys');
  });

  test('a field: the same is nothing to do, another one is refused with the difference', async () => {
    expect(addFields(shop, 'products', ['price:number:min=0'])).toBe(shop);
    expect(addFields(shop, 'product', ['category:ref:categories'])).toBe(shop);
    expect(addFields(shop, 'product', ['address.street'])).toBe(shop);
    expect(await refusal(() => addFields(shop, 'product', ['price:number:min=1']))).toBe(
      'product has price:number:min=0 already, not price:number:min=1 (edit flask-style.json and run apply)',
    );
    expect(await refusal(() => addFields(shop, 'product', ['lines:object', 'lines.n']))).toContain(
      'product has lines:object:array already, not lines:object',
    );
    expect(await refusal(() => addFields(shop, 'product', ['name.first']))).toContain(
      'product.name is no object',
    );
  });
});

describe('places', () => {
  test('--after puts fields behind one of the same object', async () => {
    const keys = (...args: [string[], string]) =>
      Object.keys(addFields(shop, 'product', ...args).resources['product']?.fields ?? {});
    expect(keys(['a', 'b'], 'name').slice(0, 4)).toEqual(['name', 'a', 'b', 'price']);
    const nested = addFields(shop, 'product', ['lines.qty:integer', 'lines.note'], 'lines.sku');
    expect(Object.keys(nested.resources['product']?.fields['lines']?.fields ?? {})).toEqual([
      'sku',
      'qty',
      'note',
    ]);
    expect(await refusal(() => addFields(shop, 'product', ['a'], 'lines.sku'))).toContain(
      '--after lines.sku is not beside',
    );
    expect(await refusal(() => addFields(shop, 'product', ['lines.a'], 'sku'))).toBe(
      'product has no field "sku" (did you mean lines.sku?)',
    );
  });

  test('an emptied object goes with its last field, and a text index with its last searched one', () => {
    const { product } = removeField(shop, 'product', 'address.street').resources;
    expect(Object.keys(product?.fields ?? {})).not.toContain('address');
    expect(removeField(shop, 'product', 'NAME').resources['product']).not.toHaveProperty('search');
    expect(removeField(shop, 'product', 'price').resources['product']?.search).toBe('text');
  });

  test('a renamed resource takes its refs along and keeps a path of its own', () => {
    const renamed = renameResource(shop, 'categories', 'Tag');
    expect(Object.keys(renamed.resources)).toEqual(['tag', 'product', 'orderItem']);
    expect(renamed.resources['tag']).toMatchObject({
      plural: 'tags',
      path: '/tags',
      collection: 'tags',
    });
    expect(renamed.resources['product']?.fields['category']?.to).toBe('tag');
    expect(renameResource(shop, 'order_item', 'row').resources['row']).toMatchObject({
      path: '/items',
      collection: 'rows',
    });
    expect(renameResource(shop, 'product', 'products')).toBe(shop);
    expect(renameResource(shop, 'product', 'good').resources['good']?.fields['parent']?.to).toBe(
      'good',
    );
  });
});

test.each<[string, () => unknown, string]>([
  [
    'an unknown resource',
    () => removeResource(shop, 'prodct'),
    'there is no resource "prodct" (did you mean product?)',
  ],
  [
    'an unknown field',
    () => removeField(shop, 'product', 'adress.street'),
    'product has no field "adress.street" (did you mean address.street?)',
  ],
  [
    'a field of a field',
    () => removeField(shop, 'product', 'name.first'),
    'product has no field "name.first" (did you mean name?)',
  ],
  [
    'a resource that others point to',
    () => removeResource(shop, 'category'),
    'category cannot go: product.category points to it (remove field product category first)',
  ],
  [
    'the only field',
    () => removeField(shop, 'category', 'name'),
    'name is the only field of category (remove resource category)',
  ],
  [
    'a taken resource name',
    () => renameResource(shop, 'product', 'categories'),
    'there is a resource "category" already (choose another name, or rename that one first)',
  ],
  [
    'a taken path',
    () => renameResource(shop, 'product', 'item'),
    'item and orderItem would share the path /items (give one of them another plural, as in --resource datum/datums)',
  ],
  [
    'a taken field name',
    () => renameField(shop, 'product', 'name', 'price'),
    'product has a field "price" already (choose another name)',
  ],
  [
    'a field name in another case',
    () => renameField(shop, 'product', 'name', 'Price'),
    'the fields Price and price differ only in case',
  ],
  [
    'a reserved field name',
    () => renameField(shop, 'product', 'name', '_id'),
    'the field name "_id" is reserved (choose another name)',
  ],
  [
    'a move',
    () => renameField(shop, 'product', 'address.street', 'lines.street'),
    'product.address.street cannot be moved to "lines.street" by a rename (its new name is address.<name>)',
  ],
  [
    'no field',
    () => addResource(shop, { name: 'x', fields: [] }),
    'x has no fields (a field is name:type, e.g. name:string:required)',
  ],
])('%s is refused in one line', async (_, edit, line) => {
  expect(await refusal(edit)).toContain(line);
});

test('only itself pointing to it keeps no resource from going', () => {
  expect(Object.keys(removeResource(shop, 'Products').resources)).toEqual([
    'category',
    'orderItem',
  ]);
});
