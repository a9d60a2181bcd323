import { afterAll, beforeAll, expect, test } from 'vitest';
import { openapi } from '../../../templates/project/app/core/openapi.ts';
import { asker, category, openShop, product, type Ask, type Shop } from './shop.ts';

type Json = { readonly [key: string]: Json };
const models = [category, product];
const document = JSON.parse(
  JSON.stringify(openapi(models, { title: 'Shop', version: '1.0.0' })),
) as Json;

let shop: Shop;
let ask: Ask;
beforeAll(async () => {
  shop = await openShop();
  ask = asker(shop.url);
});
afterAll(() => shop.stop());

const resolve = ($ref: string): Json | undefined =>
  $ref
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((at, part) => at?.[part], document);

test('every reference resolves and every operation has its own id', () => {
  const refs = [...JSON.stringify(document).matchAll(/"(#\/[^"]+)"/g)].map(([, path = '']) => path);
  for (const ref of refs) expect(resolve(ref), ref).toBeDefined();
  const ids = [
    ...JSON.stringify(document.paths).matchAll(
      /(?<!"read":\{|"replace":\{|"patch":\{|"remove":\{|"next":\{)"operationId":"([^"]+)"/g,
    ),
  ].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every path and method is answered, and no other method', async () => {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    const url = path.replace('{id}', '0'.repeat(24));
    const allow = (await ask('OPTIONS', url)).headers.get('allow')?.toLowerCase().split(', ') ?? [];
    const declared = Object.keys(item).filter((key) => key !== 'parameters');
    expect(allow).toEqual(expect.arrayContaining(declared));
    expect(declared).toEqual(
      expect.arrayContaining(allow.filter((name) => !['head', 'options', 'query'].includes(name))),
    );
  }
});

test('every declared list parameter is accepted', async () => {
  const parameters = document.paths?.['/api/products']?.get?.parameters;
  const names = (parameters as unknown as { $ref: string }[])
    .map(({ $ref }) => resolve($ref) as unknown as { in: string; name: string })
    .filter((each) => each.in === 'query')
    .map(({ name }) => name);
  for (const name of names) {
    const reply = await ask('GET', `/api/products?${name}=x`);
    expect(reply.body.code).not.toBe('unknown_parameter');
  }
  expect(names).toEqual(
    expect.arrayContaining(['page', 'limit', 'q', 'embed', 'limit[eq]', 'price', 'dims.w', '_id']),
  );
  expect(names).not.toContain('code');
});

test('a private field is in what is sent only, a read-only one in what is answered only', () => {
  const { Product, ProductInput } = document.components?.schemas ?? {};
  expect(Object.keys(Product?.properties ?? {})).not.toContain('code');
  expect(Object.keys(ProductInput?.properties ?? {})).toContain('code');
  expect(Object.keys(Product?.properties ?? {})).toContain('views');
  expect(Object.keys(ProductInput?.properties ?? {})).not.toContain('views');
  expect(JSON.stringify(ProductInput?.example)).not.toContain('code');
});

test('the example of a resource can be created', async () => {
  const { category: _gone, ...example } = {
    ...document.components?.schemas?.ProductInput?.example,
  };
  expect((await ask('POST', '/api/products', example)).status).toBe(201);
});

test('the same models give the same document', () => {
  expect(JSON.stringify(openapi(models, { title: 'Shop', version: '1.0.0' }))).toBe(
    JSON.stringify(document),
  );
});
