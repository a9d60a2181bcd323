import { ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../templates/project/app/core/context.ts';
import { Problem } from '../../../templates/project/app/core/problems.ts';
import { parseListQuery, vocabulary } from '../../../templates/project/app/core/query.ts';
import { fc } from '../../properties.ts';
import { asker, openShop, product, type Ask, type Reply, type Shop } from './shop.ts';

let shop: Shop;
let ask: Ask;
let home: ObjectId;
beforeAll(async () => {
  shop = await openShop({ limits: { count: 30, pageWindow: 200 } });
  ask = asker(shop.url);
  home = new ObjectId();
  await shop.db.collection('categories').insertOne({ _id: home, name: 'Home', secret: 's' });
  const documents = Array.from({ length: 40 }, (_, n) => ({
    name: n === 0 ? 'A.*(b' : `Lamp ${n}`,
    price: n < 3 ? 0 : n,
    tags: n % 2 === 0 ? ['red', 'sale'] : ['blue'],
    dims: { w: n },
    limit: n,
    active: n < 10,
    code: `code${n}`,
    _rev: 1,
    ...(n % 4 === 0 && { category: n === 4 ? new ObjectId() : home }),
    ...(n === 7 && { sku: 'seven' }),
    // As only others than the API would store it.
    ...(n === 8 && { sku: null }),
    createdAt: new Date(Date.UTC(2026, 0, 1 + n)),
    updatedAt: new Date(Date.UTC(2026, 0, 1 + n)),
  }));
  await shop.db.collection('products').insertMany(documents, { bypassDocumentValidation: true });
});
afterAll(() => shop.stop());

const get = (query: string) => ask('GET', `/api/products?${query}`);
const prices = ({ body }: Reply) => (body.data as { price: number }[]).map(({ price }) => price);
const codes = ({ body }: Reply) =>
  (body.errors as { parameter: string; code: string }[]).map((e) => [e.parameter, e.code]);

describe('filters', () => {
  test.each([
    ['price=5', 1],
    ['price[gte]=10&price[lt]=12', 2],
    ['price[ne]=0', 37],
    ['price[in]=5,6', 2],
    ['price[nin]=5,6', 38],
    ['tags=red', 20],
    ['tags[all]=red,sale', 20],
    ['tags[in]=red&tags[in]=blue', 40],
    ['tags[in]=red,sale&tags[in]=blue', 20],
    ['sku[exists]=true', 1],
    ['sku[exists]=false', 39],
    ['name[contains]=.*(', 1],
    ['name[startsWith]=lamp 3', 11],
    ['or[0][price][lt]=1&or[0][tags]=red&or[1][price]=39', 3],
    ['dims.w[gt]=37', 2],
    ['limit[eq]=3', 1],
    ['active=true', 10],
    ['createdAt[lt]=2026-01-03', 2],
    ['q=lamp red', 19],
  ])('%s finds %i', async (query, found) => {
    const { status, body } = await get(`${query}&count=exact&limit=0`);
    expect([status, (body.meta as { total: number }).total]).toEqual([200, found]);
  });

  test('by reference, and those of one document as a list of its own', async () => {
    expect((await get(`category=${home.toHexString()}`)).body.meta).toMatchObject({ total: 9 });
    const path = `/api/categories/${home.toHexString()}/products`;
    expect((await ask('GET', `${path}?price[lt]=10`)).body.meta).toMatchObject({ total: 2 });
    expect((await ask('GET', `/api/categories/${'b'.repeat(24)}/products`)).status).toBe(404);
  });

  test.each([
    ['price=abc', 'price', 'type'],
    ['price[gte]=NaN', 'price[gte]', 'type'],
    ['price[$gt]=1', 'price[$gt]', 'unknown_parameter'],
    ['price[regex]=1', 'price[regex]', 'unknown_operator'],
    ['tags[gt][x]=1', 'tags[gt][x]', 'unknown_parameter'],
    ['colour=red', 'colour', 'unknown_parameter'],
    ['dims.d=1', 'dims.d', 'unknown_parameter'],
    ['constructor=1', 'constructor', 'unknown_parameter'],
    ['name[toString]=1', 'name[toString]', 'unknown_operator'],
    ['__proto__[x]=1', '__proto__[x]', 'unknown_parameter'],
    ['name=a&name=b', 'name', 'repeated_parameter'],
    ['active=yes', 'active', 'type'],
    ['category=abc', 'category', 'type'],
    ['sku[exists]=maybe', 'sku[exists]', 'type'],
    [`name[contains]=${'x'.repeat(65)}`, 'name[contains]', 'too_long'],
    [`price[in]=${Array(101).fill(1).join()}`, 'price[in]', 'too_many_values'],
    ['q=a b c d e f', 'q', 'too_many_terms'],
    ['sort=colour', 'sort', 'unknown_field'],
    ['sort=tags', 'sort', 'not_sortable'],
    ['sort=price,name,limit,active', 'sort', 'too_many_keys'],
    ['fields=name,-price', 'fields', 'mixed_fields'],
    ['embed=name', 'embed', 'unknown_field'],
    ['page=0', 'page', 'range'],
    ['page=11&limit=20', 'page', 'range'],
    ['limit=-1', 'limit', 'range'],
    ['limit=ten', 'limit', 'type'],
    ['count=some', 'count', 'enum'],
    ['cursor=nonsense', 'cursor', 'invalid_cursor'],
    ['name=%ff', 'name', 'type'],
  ])('%s is 400', async (query, parameter, code) => {
    const reply = await get(query);
    expect([reply.status, ...codes(reply)]).toEqual([400, [parameter, code]]);
  });

  test('every mistake is named at once, the nearest name suggested', async () => {
    const reply = await get('price=abc&colour=red&prise=1');
    expect([reply.body.code, codes(reply).length]).toEqual(['invalid_query', 3]);
    expect(reply.body.detail).toContain('did you mean price?');
    expect(reply.body.detail).toContain('price must be a number');
  });

  test.each([
    ['sort=colour', 'sort names colour, which it does not know'],
    ['=x', '"" is not a parameter'],
  ])('%s: the mistake is called by its name', async (query, said) => {
    expect((await get(query)).body.detail).toContain(said);
  });

  test.each([
    ['sort=pric', 'did you mean price?'],
    ['fields=nam', 'did you mean name?'],
    ['embed=categori', 'did you mean category?'],
    ['counts=exact', 'did you mean count?'],
  ])('%s: only what may stand there is suggested', async (query, hint) => {
    expect((await get(query)).body.detail).toContain(hint);
  });

  test.each(['sort=cursr', 'fields=embeds', 'embed=embed', 'embed=price', 'delete=true'])(
    '%s: nothing is suggested',
    async (query) => {
      const { status, body } = await get(query);
      expect(status).toBe(400);
      expect(body.detail).not.toContain('did you mean');
    },
  );

  test('what a value must be is said as a URL writes it', () => {
    const fields = {
      state: { type: 'enum', values: ['open', 'closed'] },
      sum: { type: 'decimal' },
    } as const;
    const words = vocabulary({ ...product, fields });
    const wrong = (name: string, value: string) => {
      try {
        parseListQuery({ [name]: value }, words, defaultLimits);
      } catch (error) {
        return error instanceof Problem ? error.message : error;
      }
      return undefined;
    };
    expect(wrong('state', 'shut')).toContain('state must be one of open, closed');
    expect(wrong('sum', 'much')).not.toContain('quotes');
  });

  test('a private name is as unknown as any other', async () => {
    for (const form of ['NAME=x', 'sort=NAME', 'fields=NAME', 'NAME[contains]=co']) {
      const [known, unknown] = await Promise.all(
        ['code', 'cxqz'].map((name) => get(form.replace('NAME', name))),
      );
      expect(known?.status).toBe(400);
      expect(JSON.stringify(unknown?.body).replaceAll('cxqz', 'code')).toBe(
        JSON.stringify(known?.body),
      );
    }
  });

  test('q does not look into private fields', () => {
    const code = { type: 'string', private: true, search: true } as const;
    const { searched } = vocabulary({ ...product, fields: { ...product.fields, code } });
    expect(searched).toEqual(['name', 'tags']);
  });

  test('single documents and writes take no other parameters', async () => {
    const [first] = (await get('limit=1')).body.data as { _id: string }[];
    const path = `/api/products/${String(first?._id)}`;
    expect((await ask('GET', `${path}?fields=name`)).status).toBe(200);
    expect((await ask('GET', `${path}?page=1`)).status).toBe(400);
    expect((await ask('DELETE', `${path}?force=1`)).status).toBe(400);
  });
});

describe('pages', () => {
  test('have numbers, totals and links', async () => {
    const reply = await get('price[lt]=20&sort=-price&limit=5&page=2');
    expect(reply.body.meta).toMatchObject({ limit: 5, page: 2, pages: 4, total: 20 });
    expect(prices(reply)).toEqual([14, 13, 12, 11, 10]);
    expect(reply.headers.get('x-total-count')).toBe('20');
    const link = reply.headers.get('link') ?? '';
    expect(link).toContain('<?price%5Blt%5D=20&sort=-price&limit=5&page=3>; rel="next"');
    for (const rel of ['first', 'prev', 'last']) expect(link).toContain(`rel="${rel}"`);
  });

  test.each(['sort=price', 'sort=-price', 'sort=sku,-price', 'sort=-sku', ''])(
    'behind cursors see every document once: %s',
    async (sort) => {
      const seen: unknown[] = [];
      let cursor: unknown = null;
      do {
        const reply = await get(
          `${sort}&limit=7${cursor === null ? '' : `&cursor=${String(cursor)}`}`,
        );
        expect(reply.status).toBe(200);
        seen.push(...(reply.body.data as { _id: string }[]).map(({ _id }) => _id));
        cursor = (reply.body.meta as { next: string | null }).next;
      } while (cursor !== null);
      expect([seen.length, new Set(seen).size]).toEqual([40, 40]);
    },
  );

  test('behind a cursor say less of themselves', async () => {
    const first = await get('price[gte]=30&limit=4');
    const { next } = first.body.meta as { next: string };
    const second = await get(`price[gte]=30&limit=4&cursor=${next}`);
    expect(Object.keys(second.body.meta as object)).toEqual(['limit', 'next']);
    expect(second.headers.get('x-total-count')).toBeNull();
    const link = second.headers.get('link') ?? '';
    for (const rel of ['first', 'next']) expect(link).toContain(`rel="${rel}"`);
    expect(link).not.toMatch(/rel="(?:prev|last)"/);
    const exact = await get(`price[gte]=30&limit=4&count=exact&cursor=${next}`);
    expect(exact.body.meta).toMatchObject({ limit: 4, total: 10 });
  });

  test('with ties are in the order of ids', async () => {
    const ids: string[] = [];
    for (const page of [1, 2, 3, 4]) {
      const { body } = await get(`sort=-_rev&limit=10&page=${page}`);
      ids.push(...(body.data as { _id: string }[]).map(({ _id }) => _id));
    }
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(ids).toHaveLength(40);
  });

  test('refuse a cursor of another list, and forged ones', async () => {
    const { next } = (await get('sort=price&limit=1')).body.meta as { next: string };
    expect(codes(await get(`sort=-price&cursor=${next}`))).toEqual([['cursor', 'cursor_mismatch']]);
    const content = JSON.parse(Buffer.from(next, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...content, v: [{ $gt: '' }, 'x'] }));
    const reply = await get(`sort=price&cursor=${forged.toString('base64url')}`);
    expect(codes(reply)).toEqual([['cursor', 'invalid_cursor']]);
  });

  test('count as far as they say', async () => {
    const capped = await get('');
    expect(capped.body.meta).toMatchObject({ limit: 20, page: 1, total: 30, totalCapped: true });
    expect(capped.body.meta).not.toHaveProperty('pages');
    expect(capped.headers.get('x-total-count')).toBeNull();
    expect(capped.headers.get('link')).toMatch(/rel="next"/);
    expect(capped.headers.get('link')).not.toMatch(/rel="last"/);
    expect((await get('count=exact')).body.meta).toMatchObject({ total: 40 });
    expect((await get('count=none')).body.meta).not.toHaveProperty('total');
    const none = await get('limit=0&price=5');
    expect([none.body.data, none.body.meta]).toEqual([[], expect.objectContaining({ total: 1 })]);
    expect((await get('limit=1000')).body.meta).toMatchObject({ limit: 100 });
    expect((await get('price=5&page=3')).body.data).toEqual([]);
  });
});

describe('answers', () => {
  test('show the fields asked for, always with id and revision', async () => {
    const keys = async (query: string) =>
      Object.keys(((await get(`${query}&limit=1`)).body.data as object[])[0] ?? {}).sort();
    expect(await keys('fields=name,dims.w')).toEqual(['_id', '_rev', 'dims', 'name']);
    expect(await keys('fields=-_id,-tags,-dims')).not.toContain('tags');
    expect(await keys('fields=-_id')).toContain('_id');
  });

  test('embed documents without their private fields, by one query, null for those that are gone', async () => {
    const finds: string[] = [];
    const listener = ({ command }: { command: { find?: string } }) =>
      void (command.find && finds.push(command.find));
    shop.context.client.on('commandStarted', listener);
    const { body } = await get('embed=category&sort=price,limit&limit=30');
    shop.context.client.off('commandStarted', listener);
    expect(finds.filter((name) => name === 'categories')).toHaveLength(1);
    const embedded = (body.data as { category?: unknown }[]).map(({ category }) => category);
    expect(embedded[0]).toMatchObject({ name: 'Home', _rev: 0 });
    expect(embedded.filter((each) => each === null)).toHaveLength(1);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('have a weak tag and answer 304 to it', async () => {
    const tag = String((await get('price=5')).headers.get('etag'));
    expect(tag).toMatch(/^W\//);
    const again = await ask('GET', '/api/products?price=5', undefined, { 'if-none-match': tag });
    expect(again.status).toBe(304);
  });

  test('are the same for POST /search', async () => {
    const body = { 'price[gte]': 10, sort: '-price', limit: 2, 'tags[in]': ['red', 'blue'] };
    const searched = await ask('POST', '/api/products/search', body);
    const listed = await get('price[gte]=10&sort=-price&limit=2&tags[in]=red,blue');
    expect([searched.status, searched.body.data]).toEqual([200, listed.body.data]);
    const nested = await ask('POST', '/api/products/search', {
      'dims.w[gt]': 37,
      fields: 'dims.w',
    });
    expect([nested.status, nested.body.data]).toMatchObject([200, [{}, {}]]);
    for (const wrong of [{ price: { $gt: 1 } }, { 'price.$gt': 1 }, { $where: '1' }]) {
      expect((await ask('POST', '/api/products/search', wrong)).status).toBe(400);
    }
  });
});

test('whatever the parameters, the query has known names and operators, or is a problem', () => {
  const words = vocabulary(product);
  const name = fc.oneof(
    fc.constantFrom('price', 'code', 'or[0][name]', 'sort', 'fields', 'q', 'cursor', '__proto__'),
    fc.string(),
  );
  const operator = fc.constantFrom('', '[gt]', '[in]', '[contains]', '[$where]', '[exists]');
  const key = fc.tuple(name, operator).map(([path, op]) => path + op);
  const value = fc.oneof(fc.string(), fc.array(fc.string()), fc.constantFrom('1', 'true', '$gt'));
  fc.assert(
    fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (parameters) => {
      try {
        const { filter } = parseListQuery(parameters, words, defaultLimits);
        const visit = (node: unknown): void => {
          if (typeof node !== 'object' || node === null || node instanceof Date) return;
          if (node instanceof ObjectId) return;
          for (const [inner, below] of Object.entries(node)) {
            const known =
              /^(?:\d+|\$(?:and|or|eq|ne|gte?|lte?|n?in|all|regex|options))$/.test(inner) ||
              words.fields.has(inner);
            expect(known).toBe(true);
            visit(below);
          }
        };
        visit(filter);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        expect(error.status).toBe(400);
      }
    }),
  );
});
