import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ObjectId } from 'mongodb';
import { asker, openShop, type Ask, type Reply, type Shop } from './shop.ts';

let shop: Shop;
let ask: Ask;
beforeAll(async () => {
  shop = await openShop();
  ask = asker(shop.url);
});
afterAll(() => shop.stop());

const lamp = { name: 'Lamp', price: 19.9 };
const make = async (more: object = {}) => {
  const { body, headers } = await ask('POST', '/api/products', { ...lamp, ...more });
  return { body, path: String(headers.get('location')) };
};
const pointers = ({ body }: Reply) =>
  (body.errors as { pointer?: string; code: string }[]).map(({ pointer, code }) => [pointer, code]);

describe('create', () => {
  test('answers 201 with the whole document, its address and its first revision', async () => {
    const { status, body, headers } = await ask('POST', '/api/products', { ...lamp, code: 'x1' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ ...lamp, tags: [], views: 0, _rev: 1 });
    expect(body).not.toHaveProperty('code');
    expect(body.createdAt).toBe(body.updatedAt);
    expect(headers.get('location')).toBe(`/api/products/${String(body._id)}`);
    expect(headers.get('etag')).toBe('"1"');
  });

  test.each([
    [{}, ['#/name', 'required'], ['#/price', 'required']],
    [{ name: '  ', price: 1 }, ['#/name', 'required']],
    [{ ...lamp, role: 'admin' }, ['#/role', 'unknown_field']],
    [{ ...lamp, price: '10' }, ['#/price', 'type']],
    [{ ...lamp, price: -1 }, ['#/price', 'min']],
    [{ ...lamp, name: 'x'.repeat(201) }, ['#/name', 'max_length']],
    [{ ...lamp, name: { $gt: '' } }, ['#/name/$gt', 'unknown_field']],
    [{ ...lamp, tags: ['a', 1] }, ['#/tags/1', 'type']],
    [{ ...lamp, tags: Array(51).fill('a') }, ['#/tags', 'max_items']],
    [{ ...lamp, tags: 'x'.repeat(51) }, ['#/tags', 'type']],
    [{ ...lamp, tags: null }, ['#/tags', 'type']],
    [{ ...lamp, dims: { w: 1.5, d: 1 } }, ['#/dims/w', 'type'], ['#/dims/d', 'unknown_field']],
    [{ ...lamp, category: 'abc' }, ['#/category', 'type']],
    [{ ...lamp, category: 'a'.repeat(24) }, ['#/category', 'reference']],
    [{ ...lamp, _id: 'a'.repeat(24) }, ['#/_id', 'readonly_field']],
    [{ ...lamp, _rev: 1 }, ['#/_rev', 'readonly_field']],
    [{ ...lamp, views: 7 }, ['#/views', 'readonly_field']],
    [{ ...lamp, name: 'forbidden' }, ['#/name', 'rule']],
  ])('%o is 400', async (body, ...expected) => {
    const reply = await ask('POST', '/api/products', body);
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_error']);
    expect(pointers(reply).sort()).toEqual(expected.sort());
  });

  test('says what is missing in sentences, in detail and in error', async () => {
    const { body } = await ask('POST', '/api/products', {});
    expect(body.detail).toBe('Name is required; Price is required');
    expect(body.error).toBe(body.detail);
  });

  test('says what is wrong with an item of a list', async () => {
    const { body } = await ask('POST', '/api/products', { ...lamp, tags: ['a', 1] });
    expect(body.errors).toEqual([
      { pointer: '#/tags/1', code: 'type', detail: 'Tags must contain text only' },
    ]);
  });

  test('keeps -0 as 0 and text as it was sent', async () => {
    const { body } = await make({ name: ' Läm\u0000p 💡 ', price: -0 });
    expect([body.name, Object.is(body.price, 0)]).toEqual([' Läm\u0000p 💡 ', true]);
  });

  test('answers a taken unique value with 409, naming the field and not the value', async () => {
    await make({ sku: 'lamp-77', code: 'secret1' });
    const reply = await ask('POST', '/api/products', { ...lamp, sku: 'lamp-77' });
    expect([reply.status, reply.body.code]).toEqual([409, 'duplicate']);
    expect(pointers(reply)).toEqual([['#/sku', 'duplicate']]);
    expect(JSON.stringify(reply.body)).not.toMatch(/lamp-77|sku_unique|shop\./);
    const hidden = await ask('POST', '/api/products', { ...lamp, code: 'secret1' });
    expect(hidden.status).toBe(409);
    expect(JSON.stringify(hidden.body)).not.toMatch(/code_|#\/code|secret1/);
  });

  test('lets one of twenty equal posts win', async () => {
    const body = { ...lamp, sku: 'race' };
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => ask('POST', '/api/products', body)),
    );
    const statuses = replies.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array<number>(19).fill(409)]);
  });
});

describe('bulk create', () => {
  test('writes all or none, and says where', async () => {
    const all = await ask('POST', '/api/products', [lamp, { ...lamp, sku: 'bulk' }]);
    expect([all.status, all.body.meta]).toEqual([201, { inserted: 2 }]);
    const count = () => shop.db.collection('products').countDocuments();
    const before = await count();
    const wrong = await ask('POST', '/api/products', [lamp, {}, { ...lamp, price: 'x' }]);
    expect(pointers(wrong)).toEqual([
      ['#/1/name', 'required'],
      ['#/1/price', 'required'],
      ['#/2/price', 'type'],
    ]);
    const taken = await ask('POST', '/api/products', [lamp, { ...lamp, sku: 'bulk' }]);
    expect([taken.status, pointers(taken)]).toEqual([409, [['#/1/sku', 'duplicate']]]);
    const twice = [
      { ...lamp, sku: 'two' },
      { ...lamp, sku: 'two' },
    ];
    expect(pointers(await ask('POST', '/api/products', twice))).toEqual([['#/1/sku', 'duplicate']]);
    const many = await ask('POST', '/api/products', Array(101).fill(lamp));
    expect([many.status, many.body.code]).toEqual([400, 'too_many_items']);
    expect(pointers(await ask('POST', '/api/products', [lamp, 5]))).toEqual([['#/1', 'type']]);
    expect(await count()).toBe(before);
  });
});

describe('read', () => {
  test('answers the bare document with its revision as ETag, and 304 to it', async () => {
    const { path } = await make({ code: 'read1' });
    const { status, headers, body } = await ask('GET', path);
    expect([status, headers.get('etag'), headers.get('cache-control')]).toEqual([
      200,
      '"1"',
      'no-cache',
    ]);
    expect(headers.get('vary')).toBe('Accept, Authorization');
    expect(JSON.stringify(body)).not.toContain('read1');
    for (const tag of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      expect((await ask('GET', path, undefined, { 'if-none-match': tag })).status).toBe(304);
    }
    const later = { 'if-modified-since': new Date(Date.now() + 1000).toUTCString() };
    expect((await ask('GET', path, undefined, later)).status).toBe(304);
    const both = { ...later, 'if-none-match': '"7"' };
    expect((await ask('GET', path, undefined, both)).status).toBe(200);
    const known = await ask('GET', path, undefined, { authorization: 'Bearer x' });
    expect(known.headers.get('cache-control')).toBe('private, no-store');
  });

  test('answers an unknown and a malformed id alike', async () => {
    for (const id of ['a'.repeat(24), 'abc', '1']) {
      const reply = await ask('GET', `/api/products/${id}`);
      expect([reply.status, reply.body.code]).toEqual([404, 'not_found']);
    }
  });
});

describe('patch', () => {
  test('merges, raises the revision and leaves the rest alone', async () => {
    const { path } = await make({ dims: { w: 1, h: 2 }, tags: ['a'], code: 'patch1' });
    const { status, body, headers } = await ask('PATCH', path, { dims: { w: 3 } });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    expect(body).toMatchObject({ dims: { w: 3, h: 2 }, tags: ['a'], _rev: 2 });
    const stored = await shop.db.collection('products').findOne({ code: 'patch1' });
    expect(stored?.dims).toEqual({ w: 3, h: 2 });
  });

  test('removes by null, but nothing required and nothing unknown', async () => {
    const { path } = await make({ sku: 'gone', tags: ['x'] });
    expect((await ask('PATCH', path, { sku: null, tags: null })).body).not.toHaveProperty('sku');
    // Defaults are for new documents.
    expect((await ask('PATCH', path, { price: 1 })).body).not.toHaveProperty('tags');
    const required = await ask('PATCH', path, { name: null });
    expect([required.status, required.body.detail]).toEqual([400, 'Name is required']);
    for (const change of [{ colour: null }, { deletedAt: null }, { dims: { d: null } }]) {
      const reply = await ask('PATCH', path, change);
      expect([reply.status, pointers(reply)[0]?.[1]]).toEqual([400, 'unknown_field']);
    }
  });

  test('writes nothing when nothing changes, and refuses what the server owns', async () => {
    const { path, body } = await make();
    for (const change of [{}, { name: 'Lamp' }, { _id: body._id, views: 0 }]) {
      const reply = await ask('PATCH', path, change);
      expect([reply.status, reply.body._rev]).toEqual([200, 1]);
    }
    for (const change of [{ createdAt: '2026-01-01T00:00:00Z' }, { views: 5 }, { views: null }]) {
      expect(pointers(await ask('PATCH', path, change))[0]?.[1]).toBe('readonly_field');
    }
  });

  test('writes the difference and nothing else, and moves updatedAt', async () => {
    const { path, body } = await make({ limit: 3 });
    const _id = new ObjectId(String(body._id));
    const long = new Date('2026-01-01T00:00:00.001Z');
    await shop.db.collection('products').updateOne({ _id }, { $set: { updatedAt: long } });
    const updates: object[] = [];
    const listener = ({ command }: { command: { update?: object; findAndModify?: string } }) =>
      void (command.findAndModify && updates.push(command.update ?? {}));
    shop.context.client.on('commandStarted', listener);
    const patched = await ask('PATCH', path, { price: 5, name: 'Lamp', limit: null });
    shop.context.client.off('commandStarted', listener);
    expect(updates).toEqual([
      {
        $set: { price: 5, updatedAt: expect.any(Date) as Date, _rev: 2 },
        $unset: { limit: '' },
      },
    ]);
    expect(patched.body.createdAt).toBe(body.createdAt);
    expect(Date.parse(String(patched.body.updatedAt))).toBeGreaterThan(long.getTime());
  });

  // Its appendix A, as far as members of a document go.
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: 'f' }, { a: 1 }, { e: 'f', a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('is RFC 7396: %j and %j give %j', async (extra, change, expected) => {
    const { path } = await make({ extra });
    const { status, body } = await ask('PATCH', path, { extra: change });
    expect([status, body.extra]).toEqual([200, expected]);
  });

  test('takes a merge patch only', async () => {
    const { path } = await make();
    const merge = { 'content-type': 'application/merge-patch+json' };
    expect((await ask('PATCH', path, { price: 2 }, merge)).status).toBe(200);
    const json = { 'content-type': 'application/json-patch+json' };
    const reply = await ask('PATCH', path, [], json);
    expect([reply.status, reply.headers.get('accept-patch')]).toEqual([
      415,
      'application/merge-patch+json, application/json',
    ]);
  });
});

describe('replace', () => {
  test('drops what is left out, but keeps private and read-only fields', async () => {
    const { path } = await make({ code: 'put1', tags: ['x'], limit: 3 });
    const { status, body } = await ask('PUT', path, { name: 'New', price: 1 });
    expect([status, body.limit, body.tags, body.views]).toEqual([200, undefined, [], 0]);
    expect(await shop.db.collection('products').countDocuments({ code: 'put1' })).toBe(1);
    // What GET gave can be sent back.
    expect((await ask('PUT', path, body)).status).toBe(200);
  });

  test('creates at a chosen id only with If-None-Match: *', async () => {
    const path = `/api/products/${new ObjectId().toHexString()}`;
    expect((await ask('PUT', path, lamp)).status).toBe(404);
    const absent = { 'if-none-match': '*' };
    expect((await ask('PUT', path, lamp, absent)).status).toBe(201);
    const { status, body } = await ask('PUT', path, lamp, absent);
    expect([status, body.code]).toEqual([412, 'already_exists']);
    expect((await ask('PUT', path, lamp, { 'if-none-match': '"1"' })).status).toBe(400);
  });
});

describe('revisions', () => {
  test.each(['PUT', 'PATCH', 'DELETE'])(
    'refuse a stale %s with the current tag',
    async (method) => {
      const { path } = await make();
      await ask('PATCH', path, { price: 5 });
      const body = method === 'DELETE' ? undefined : lamp;
      const reply = await ask(method, path, body, { 'if-match': '"1"' });
      expect([reply.status, reply.body.code, reply.headers.get('etag')]).toEqual([
        412,
        'stale_revision',
        '"2"',
      ]);
      expect((await ask(method, path, body, { 'if-match': '1' })).status).toBe(400);
      const current = await ask(method, path, body, { 'if-match': 'W/"2"' });
      expect(current.status).toBe(method === 'DELETE' ? 204 : 200);
    },
  );

  test('in the body count as If-Match', async () => {
    const { path } = await make();
    expect((await ask('PATCH', path, { price: 1, _rev: 1 })).status).toBe(200);
    expect((await ask('PATCH', path, { price: 2, _rev: 1 })).status).toBe(412);
  });

  test('let one of two guarded writers win, and both of two unguarded ones', async () => {
    const { path } = await make();
    const write = (headers: Record<string, string>) => (price: number) =>
      ask('PATCH', path, { price }, headers);
    const guarded = await Promise.all([1, 2].map(write({ 'if-match': '"1"' })));
    expect(guarded.map(({ status }) => status).sort()).toEqual([200, 412]);
    const free = await Promise.all([3, 4].map(write({})));
    expect(free.map(({ status }) => status)).toEqual([200, 200]);
  });

  test.each([
    ['no revision', {}],
    ['a revision of null', { _rev: null }],
    ['revision 0', { _rev: 0 }],
  ])('start at 0 for documents made outside the API: %s', async (_title, revision) => {
    const document = { ...lamp, views: 0, ...revision };
    const { insertedId } = await shop.db
      .collection('products')
      .insertOne(document, { bypassDocumentValidation: true });
    const path = `/api/products/${insertedId.toHexString()}`;
    expect((await ask('GET', path)).headers.get('etag')).toBe('"0"');
    const reply = await ask('PATCH', path, { price: 3 }, { 'if-match': '"0"' });
    expect([reply.status, reply.body._rev]).toEqual([200, 1]);
  });
});

test('delete answers 204, then 404', async () => {
  const { path } = await make();
  expect((await ask('DELETE', path)).status).toBe(204);
  expect((await ask('DELETE', path)).status).toBe(404);
});

test('return=minimal leaves the body out and says so', async () => {
  const { path } = await make();
  const prefer = { prefer: 'respond-async, return=minimal' };
  const made = await ask('POST', '/api/products', lamp, prefer);
  expect([made.status, made.body, made.headers.get('preference-applied')]).toEqual([
    201,
    {},
    'return=minimal',
  ]);
  for (const [method, body] of [
    ['PATCH', { price: 1 }],
    ['PUT', lamp],
  ] as const) {
    const { status, headers } = await ask(method, path, body, prefer);
    expect([status, headers.get('preference-applied')]).toEqual([204, 'return=minimal']);
    expect(headers.get('etag')).toMatch(/^"[23]"$/);
  }
  const list = await ask('POST', '/api/products', [lamp], prefer);
  expect([list.status, list.body]).toEqual([201, {}]);
  const whole = await ask('PATCH', path, { price: 2 }, { prefer: 'return=representation' });
  expect(whole.headers.get('preference-applied')).toBe('return=representation');
  expect(whole.body.price).toBe(2);
  const unknown = await ask('PATCH', path, { price: 3 }, { prefer: 'handling=strict' });
  expect([unknown.status, unknown.headers.get('preference-applied')]).toEqual([200, null]);
});

test('the database itself refuses what the model refuses', async () => {
  const products = shop.db.collection('products');
  await expect(products.insertOne({ name: 'x', price: 'free' })).rejects.toMatchObject({
    code: 121,
  });
});
