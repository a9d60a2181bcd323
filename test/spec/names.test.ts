import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { buildSpec, resourceKey } from '../../src/spec/build.ts';
import { kebabCase, resourceNames } from '../../src/spec/names.ts';
import { projectNameProblem } from '../../src/spec/project-name.ts';

const choices = {
  name: 'shop',
  packageManager: 'npm',
  database: 'embedded',
  pages: true,
  features: [],
} as const;
const build = (...names: string[]) =>
  buildSpec(
    { ...choices, features: [] },
    names.map((name) => ({ name, fields: ['name:string'] })),
  );

describe('a resource is named', () => {
  it.each([
    ['product', 'product', 'products'],
    ['Products', 'product', 'products'],
    ['order-item', 'orderItem', 'orderItems'],
    ['ORDER_ITEMS', 'orderItem', 'orderItems'],
    ['OrderItem', 'orderItem', 'orderItems'],
    ['HTTPLog', 'httpLog', 'httpLogs'],
    ['news', 'news', 'news'],
    ['series', 'series', 'series'],
    ['data', 'data', 'data'],
    ['metadata', 'metadata', 'metadata'],
    ['status', 'status', 'statuses'],
    ['statuses', 'status', 'statuses'],
    ['person', 'person', 'people'],
    ['people', 'person', 'people'],
    ['category', 'category', 'categories'],
    ['address', 'address', 'addresses'],
    ['analyses', 'analysis', 'analyses'],
    ['canvas', 'canvas', 'canvases'],
    ['caches', 'cache', 'caches'],
    ['person/persons', 'person', 'persons'],
    ['datum/data', 'datum', 'data'],
    ['\uFEFFproduct', 'product', 'products'],
    ['order  item', 'orderItem', 'orderItems'],
  ])('%s', (typed, singular, plural) => {
    expect(resourceNames(typed)).toMatchObject({ singular, plural });
  });

  it('with path and collection that follow from the plural', () => {
    expect(resourceNames('order-item')).toMatchObject({
      path: '/order-items',
      collection: 'order_items',
    });
  });

  it.each([
    '',
    ' ',
    '1abc',
    '../evil',
    'a/b/c',
    '/',
    'a//b',
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'index',
    'schema',
    'schemas',
    'con',
    'NUL',
    'com1',
    'lpt9/lpt9',
    'a'.repeat(65),
    '{{7*7}}',
    '$(touch x)',
    'a;b',
    'a.b',
    'a\nb',
    'caf\u00e9',
    'cafe\u0301',
    'pr\u043educt',
    'pro\u200bduct',
    'pro\u202educt',
    '\uff50roduct',
    'a-',
    '-a',
    '<script>',
  ])('never %j', (typed) => {
    expect(() => resourceNames(typed)).toThrow(UserError);
  });

  it('the same way whether its accents are composed or not', () => {
    const refusal = (name: string) => {
      try {
        resourceNames(name);
      } catch (error) {
        return (error as UserError).hint;
      }
      return undefined;
    };
    expect(refusal('caf\u00e9')).toBe(refusal('cafe\u0301'));
  });
});

describe('two resources', () => {
  it.each([
    [['product', 'products'], /both the resource product/],
    [['Product', 'PRODUCT'], /both the resource product/],
    [['order-item', 'orderItems'], /both the resource orderItem/],
    [['person/people', 'human/people'], /would share the name people/],
    [['datum/data', 'data'], /would share the name data/],
    [['orderItem', 'orderitem'], /would share the name orderitem/],
  ])('%j collide', (names, message) => {
    expect(() => build(...names)).toThrow(message);
  });

  it('that only look alike do not', () => {
    expect(Object.keys(build('class', 'glass', 'map').resources)).toEqual([
      'class',
      'glass',
      'map',
    ]);
  });
});

describe('a ref finds its resource', () => {
  const spec = build('category', 'person', 'order-item');
  it.each([
    ['category', 'category'],
    ['categories', 'category'],
    ['Categories', 'category'],
    ['people', 'person'],
    ['order_items', 'orderItem'],
  ])('by %s', (typed, key) => {
    expect(resourceKey(typed, spec)).toBe(key);
  });

  it('or is refused with the nearest', () => {
    expect(() => resourceKey('catgories', spec)).toThrow(
      expect.objectContaining({ hint: 'did you mean categories?' }),
    );
  });

  it('and may point to its own', () => {
    const own = buildSpec({ ...choices, features: [] }, [
      { name: 'node', fields: ['parent:ref:nodes'] },
    ]);
    expect(own.resources['node']?.fields['parent']).toEqual({ type: 'ref', to: 'node' });
  });
});

describe('a project is called', () => {
  it.each(['shop', '@acme/shop', 'a', 'shop-2', 'my.api'])('%s', (name) => {
    expect(projectNameProblem(name)).toBeUndefined();
  });

  it.each([
    'Shop',
    'my api',
    '.git',
    '_x',
    'node_modules',
    'favicon.ico',
    'fs',
    'http',
    'express',
    'mongodb',
    'con',
    'nul.txt',
    '@acme/',
    '@/x',
    'a'.repeat(215),
    'x/y/z',
    '..',
    'caf\u00e9',
    'a b',
    '-',
    '{{7*7}}',
    "a'b",
  ])('never %j', (name) => {
    expect(projectNameProblem(name)?.message).toMatch(/cannot be used/);
  });
});

it('kebab case keeps digits with their word', () => {
  expect(['orderItem', 'item2', 'v2Api'].map(kebabCase)).toEqual(['order-item', 'item2', 'v2-api']);
});
