import { join } from 'node:path';
import { MongoServerError } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { useKitchen } from './support/in-process.ts';
import { category, key, make, product, thing } from './support/samples.ts';

const kitchen = useKitchen();
const get = (query: string, path = '/api/products') => kitchen.api.get(`${path}?${query}`);

describe('names from outside', () => {
  it.each([
    'price[$gt]=1',
    '$where=sleep(5000)',
    'name[$regex]=.*',
    'price[gt][$ne]=1',
    'name.$ne=x',
    'or[0][$where]=1',
    '[$ne]=1',
    'filter[$where]=1',
  ])('A1 %s is refused in less than two seconds', async (query) => {
    const started = performance.now();
    const answer = await get(query);
    expect(answer.status, answer.text).toBe(400);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each([
    { price: { $gt: 0 } },
    { $where: '1' },
    { 'or[0][price]': { $gt: 0 } },
    { sort: { price: -1 } },
    { '_id[in]': [{ $ne: null }] },
    { cursor: { $ne: '' } },
  ])('A1 %j is no filter', async (body) => {
    expect((await kitchen.api.post('/api/products/search', body)).status).toBe(400);
  });

  it.each([
    ['name[regex]=x', 'unknown_operator'],
    ['price[contains]=1', 'unknown_operator'],
    ['price[startsWith]=1', 'unknown_operator'],
    ['name[all]=x', 'unknown_operator'],
    ['name[elemMatch]=x', 'unknown_operator'],
    ['price[mod]=2', 'unknown_operator'],
    ['price[Gt]=2', 'unknown_operator'],
  ])('A2 %s is refused: not an operator of that type', async (query, code) => {
    const answer = await get(query);
    expect(answer.status).toBe(400);
    expect(answer.problem.errors).toMatchObject([{ code }]);
  });

  it.each([
    ['/api/products', 'price[gt]=abc'],
    ['/api/products', 'price=NaN'],
    ['/api/products', 'price=Infinity'],
    ['/api/products', 'price=0x10'],
    ['/api/products', 'price='],
    ['/api/products', 'category=abc'],
    ['/api/things', 'count[eq]=1.5'],
    ['/api/things', 'count[eq]=99999999999999999999'],
    ['/api/things', 'active=yes'],
    ['/api/things', 'day=2026-02-30'],
    ['/api/things', 'at=yesterday'],
    ['/api/things', 'state=unknown'],
    ['/api/things', 'code=1234'],
    ['/api/things', 'amount=1,5'],
    ['/api/things', 'address.zip=x'],
  ])('A3 %s?%s is refused in words of ours', async (path, query) => {
    const answer = await get(query, path);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.problem.errors).toMatchObject([{ code: 'type' }]);
    expect(answer.text).not.toMatch(/NaN|CastError|BSON|invalid_type|ZodError/);
  });

  it('A4 text operators take every character literally, quickly, in 10,000 documents', async () => {
    await kitchen.db.collection('products').insertMany(
      Array.from({ length: 10_000 }, (_, i) => ({
        name: `${'a'.repeat(100)}${String(i)}`,
        price: 1,
        tags: [],
        _rev: 1,
        createdAt: new Date(),
        updatedAt: new Date(),
      })),
    );
    await make(kitchen.api, '/api/products', product({ name: 'x.*(a+)+$[\\^y' }));
    for (const [text, found] of [
      ['.*', 1],
      ['(a+)+$', 1],
      ['[\\^', 1],
      ['a|b', 0],
      ['^a', 0],
    ] as const) {
      const started = performance.now();
      const answer = await get(`name[contains]=${encodeURIComponent(text)}`);
      expect(answer.list.data.length, text).toBe(found);
      expect(performance.now() - started, text).toBeLessThan(500);
    }
    expect((await get(`name[contains]=${'a'.repeat(65)}`)).status).toBe(400);
    await kitchen.db.collection('products').deleteMany({});
  });

  it('A5 an unknown parameter is refused, never ignored', async () => {
    for (const query of ['colour=red', 'Price=1', 'price%20=1', 'limit[]=1', 'name[]=x', '=1']) {
      expect((await get(query)).status, query).toBe(400);
    }
    const answer = await get('colour=red');
    expect(answer.problem).toMatchObject({ title: 'Unknown parameter', code: 'unknown_parameter' });
  });

  it('A6 a repeated parameter is refused, except for sets', async () => {
    for (const query of ['name=a&name=b', 'price[gt]=1&price[gt]=2', 'limit=1&limit=2', 'q=a&q=b'])
      expect((await get(query)).status, query).toBe(400);
    for (const operator of ['in', 'nin', 'all'])
      expect((await get(`tags[${operator}]=a&tags[${operator}]=b`)).status, operator).toBe(200);
  });
});

describe('bodies', () => {
  it.each([
    ['/api/products', { name: ['x'], price: 1 }],
    ['/api/products', { name: { toString: 'x' }, price: 1 }],
    ['/api/products', { name: 5, price: 1 }],
    ['/api/products', { name: 'x', price: '1' }],
    ['/api/products', { name: 'x', price: true }],
    ['/api/products', { name: 'x', price: null }],
    ['/api/products', { name: 'x', price: 1, tags: 'red' }],
    ['/api/products', { name: 'x', price: 1, tags: { 0: 'red', length: 1 } }],
    ['/api/things', { label: 'Thing', active: 'true' }],
    ['/api/things', { label: 'Thing', day: 20260131 }],
    ['/api/things', { label: 'Thing', address: [] }],
    ['/api/things', { label: 'Thing', amount: 1.5 }],
  ])('A7 %s %j is refused: nothing is converted', async (path, body) => {
    const answer = await kitchen.api.post(path, body, key());
    expect(answer.status, answer.text).toBe(400);
    expect(answer.problem.code).toBe('validation_error');
  });

  it.each([
    '$set',
    '$where',
    'a.b',
    'a\u0000b',
    '__proto__',
    'constructor',
    '_bsontype',
    'prototype',
  ])('A8 the key %j is refused at any depth', async (name) => {
    const bad = `{${JSON.stringify(name)}:1}`;
    for (const body of [
      `{"label":"Thing",${bad.slice(1, -1)}}`,
      `{"label":"Thing","address":{"street":"x",${bad.slice(1)}}`,
      `{"label":"Thing","lines":[{"sku":"x",${bad.slice(1)}]}`,
      `{"label":"Thing","free":${bad}}`,
      `{"label":"Thing","free":{"a":[{"b":${bad}}]}}`,
      `{"label":${bad}}`,
    ]) {
      const answer = await kitchen.api.post('/api/things', body, key());
      expect(answer.status, `${body} ${answer.text}`).toBe(400);
    }
  });

  it('A9 updates are sets of validated paths; a pipeline is no patch', async () => {
    const item = await make(kitchen.api, '/api/products', product());
    const at = `/api/products/${item._id}`;
    for (const body of [
      [{ $set: { price: 0 } }],
      { $set: { price: 0 } },
      { $inc: { price: -1 } },
      { 'tags.0': 'x' },
      { tags: { $push: 'x' } },
    ])
      expect((await kitchen.api.patch(at, body)).status, JSON.stringify(body)).toBe(400);
    expect((await kitchen.api.patch(at, { price: 7, tags: ['a'] })).status).toBe(200);
    expect((await kitchen.api.patch(at, { category: null })).status).toBe(200);
    expect((await kitchen.api.put(at, product())).status).toBe(200);
    for (const operator of updateOperators())
      expect(['$set', '$unset', '$inc'], operator).toContain(operator);
  });

  it('A13 nobody assigns what is not theirs', async () => {
    const item = await make(kitchen.api, '/api/products', product());
    const at = `/api/products/${item._id}`;
    for (const extra of [
      { role: 'admin' },
      { isAdmin: true },
      { createdBy: 'me' },
      { deletedAt: null },
    ]) {
      expect((await kitchen.api.post('/api/products', product(extra))).status).toBe(400);
      expect((await kitchen.api.patch(at, extra)).status).toBe(400);
      expect((await kitchen.api.put(at, product(extra))).status).toBe(400);
    }
    for (const name of ['_id', 'createdAt', 'updatedAt', '_rev'] as const) {
      const post = await kitchen.api.post('/api/products', product({ [name]: item[name] }));
      expect(post.status, name).toBe(400);
      expect((await kitchen.api.patch(at, { [name]: item[name] })).status, name).toBe(200);
    }
    expect((await kitchen.api.patch(at, { _rev: 99 })).status).toBe(412);
    expect((await kitchen.api.patch(at, { createdAt: '2020-01-01T00:00:00.000Z' })).status).toBe(
      400,
    );
  });

  it('A14 no body reaches a prototype', async () => {
    for (const name of ['__proto__', 'constructor']) {
      const body = `{"${name}":{"polluted":true,"prototype":{"polluted":true}}}`;
      for (const path of ['/api/products', '/api/things'])
        await kitchen.api.post(path, body, key());
    }
    await get('__proto__[polluted]=true');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('A15 a malformed id is 404 for every method, an unknown one too, and nothing is made', async () => {
    const before = await kitchen.db.collection('products').countDocuments();
    for (const id of [
      'abc',
      '1',
      'null',
      '[object Object]',
      '{"$ne":1}',
      '0'.repeat(23),
      '0'.repeat(24),
    ]) {
      const at = `/api/products/${encodeURIComponent(id)}`;
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        const body = method === 'GET' || method === 'DELETE' ? {} : { body: product() };
        expect((await kitchen.api.request(method, at, body)).status, `${method} ${id}`).toBe(404);
      }
    }
    expect(await kitchen.db.collection('products').countDocuments()).toBe(before);
  });
});

describe('private fields', () => {
  const queries = (name: string) => [
    `${name}=a`,
    `${name}[startsWith]=a`,
    `or[0][${name}]=a`,
    `sort=${name}`,
    `sort=-${name}`,
    `fields=${name}`,
    `fields=-${name}`,
    `embed=${name}`,
    `${name}[exists]=true`,
  ];

  it.each([
    ['/api/things', 'secret'],
    ['/api/things', 'password'],
    ['/api/products', 'sku'],
  ])('A10 %s: %s answers like a name nobody has, to the byte', async (path, name) => {
    const unknown = 'z'.repeat(name.length);
    for (const [i, query] of queries(name).entries()) {
      const secret = await get(query, path);
      const nothing = await get(queries(unknown)[i] ?? '', path);
      expect(secret.status, query).toBe(400);
      expect(secret.problem.title).toBe(nothing.problem.title);
      const anonymous = (text: string) =>
        text.replaceAll(unknown, name).replace(/"requestId":"[^"]*"/, '');
      expect(anonymous(secret.text)).toBe(anonymous(nothing.text));
    }
  });

  it('A10 a private field of an embedded document stays private', async () => {
    const parent = await make(
      kitchen.api,
      '/api/categories',
      category({ secret: 's3cr3t-parent' }),
    );
    await make(kitchen.api, '/api/products', product({ category: parent._id }));
    const answer = await get(`category=${parent._id}&embed=category`);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('s3cr3t');
    for (const query of ['category.secret=a', 'embed=category.secret', 'sort=category.secret'])
      expect((await get(query)).status, query).toBe(400);
  });

  it('A11 no answer, log line, metric or example has a private value', async () => {
    const secrets = { secret: 's3cr3t-value-1', password: 's3cr3t-value-2' };
    const made = await kitchen.api.post('/api/things', thing(secrets), key());
    const at = `/api/things/${made.item._id}`;
    const twin = product({ sku: 's3cr3t-sku-1' });
    await make(kitchen.api, '/api/products', twin);
    const answers = [
      made,
      await kitchen.api.get(at),
      await kitchen.api.put(at, thing(secrets)),
      await kitchen.api.patch(at, secrets),
      await get(`_id=${made.item._id}`, '/api/things'),
      await kitchen.api.post('/api/products', product({ sku: 's3cr3t-sku-1' })),
      await kitchen.api.post('/api/things', thing({ password: 's3cr3t' }), key()),
      await kitchen.api.post('/api/things', thing({ secret: { 's3cr3t-key': 1 } }), key()),
      await kitchen.api.get('/metrics'),
      await kitchen.api.get('/openapi.json'),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([
      201, 200, 200, 200, 200, 409, 400, 400, 200, 200,
    ]);
    for (const answer of answers) expect(answer.text).not.toContain('s3cr3t-value');
    expect(answers[5]?.text).not.toContain('s3cr3t');
    expect(kitchen.log.join('\n')).not.toContain('s3cr3t');
  });

  it.each([
    'secret',
    'SECRET',
    'Secret',
    'password',
    'secret.x',
    '$secret',
    'label as secret',
    '*',
  ])('A12 fields=%s answers nothing private', async (name) => {
    const answer = await get(`fields=${encodeURIComponent(name)}`, '/api/things');
    expect(answer.status).toBe(400);
  });

  it('A12 leaving out everything leaves _id and _rev', async () => {
    const { _id, _rev } = await make(kitchen.api, '/api/products', product());
    const answer = await get(
      `_id=${_id}&fields=-name,-price,-tags,-category,-createdAt,-updatedAt`,
    );
    expect(answer.list.data).toEqual([{ _id, _rev }]);
  });
});

describe('paging', () => {
  it('A16 limits are bounded', async () => {
    expect((await get('limit=1000000')).list.meta.limit).toBe(100);
    for (const query of [
      'limit=-1',
      'limit=1e3',
      'limit=0x10',
      'limit=NaN',
      'page=0',
      'page=99999',
      'limit=1.5',
    ])
      expect((await get(query)).status, query).toBe(400);
  });

  it('A17 a cursor that was changed is refused, and cannot carry an operator', async () => {
    for (let i = 0; i < 3; i += 1) await make(kitchen.api, '/api/products', product());
    const cursor = (await get('limit=1&sort=price')).list.meta.next ?? '';
    expect((await get(`limit=1&sort=price&cursor=${cursor}`)).status).toBe(200);
    const inside = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { v: unknown[] };
    const values = [{ $gt: '' }, { $where: '1' }, [1], 'abc', { $numberDouble: 'NaN' }];
    for (const value of values) {
      const forged = { ...inside, v: inside.v.map(() => value) };
      const text = Buffer.from(JSON.stringify(forged)).toString('base64url');
      const answer = await get(`limit=1&sort=price&cursor=${text}`);
      expect(answer.status, JSON.stringify(value)).toBe(400);
    }
    for (const text of ['x', '%00', 'a'.repeat(5000), cursor.slice(3), `${cursor}AAAA`])
      expect((await get(`limit=1&sort=price&cursor=${text}`)).status, text).toBe(400);
  });
});

describe('the database', () => {
  it('A18 of twenty equal posts one is 201, nineteen are 409 that name the field alone', async () => {
    const body = category({ name: 'race-s3cret' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => kitchen.api.post('/api/categories', body)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      201,
      ...Array<number>(19).fill(409),
    ]);
    for (const answer of answers.filter((one) => one.status === 409)) {
      expect(answer.problem.errors).toMatchObject([{ pointer: '#/name' }]);
      expect(answer.text).not.toMatch(/race-s3cret|E11000|_1|dup key|collection:/);
    }
  });

  it('A19 the database refuses what the API would refuse, and the API answers 400 when it does', async () => {
    const products = kitchen.db.collection('products');
    await expect(products.insertOne({ name: 5, price: 'x' })).rejects.toMatchObject({ code: 121 });
    const refused: unknown = await products.insertOne({ name: 5 }).catch((error: unknown) => error);
    expect(await problemOf(refused)).toMatchObject({ status: 400, code: 'validation_error' });
  });

  it('A20 every query has a time limit, and its end is a 503', async () => {
    await get('q=lamp&count=exact');
    const queries = kitchen.commands.filter(({ commandName }) =>
      /^(find|aggregate|count)$/.test(commandName),
    );
    expect(queries.length).toBeGreaterThan(20);
    for (const { command } of queries)
      expect(command.maxTimeMS, JSON.stringify(command)).toBeGreaterThan(0);

    const expired = new MongoServerError({ message: 'operation exceeded time limit', code: 50 });
    const headers: unknown = expect.objectContaining({ 'Retry-After': expect.any(String) });
    expect(await problemOf(expired)).toMatchObject({ code: 'query_timeout', status: 503, headers });
  });

  it('A1 of all commands that were sent, none could run code', () => {
    expect(kitchen.commands.length).toBeGreaterThan(50);
    for (const { command } of kitchen.commands)
      expect(JSON.stringify(command)).not.toMatch(/"\$(where|function|accumulator|expr)"/);
  });

  it('E4 an Idempotency-Key is kept by a unique index, not by a look before the write', async () => {
    const headers = key();
    const body = thing();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => kitchen.api.post('/api/things', body, headers)),
    );
    const made = new Set(
      answers.filter(({ status }) => status === 201).map(({ item }) => item._id),
    );
    expect(made.size).toBe(1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(await kitchen.db.collection('things').countDocuments({ label: body.label })).toBe(1);
    expect((await kitchen.api.post('/api/things', thing(), headers)).status).toBe(422);
    const again = await kitchen.api.post('/api/things', body, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const indexes = await kitchen.db.collection('idempotency_keys').indexes();
    expect(indexes.some((index) => index.expireAfterSeconds !== undefined)).toBe(true);
  });
});

/** What the emitted project makes of an error of the driver. */
async function problemOf(error: unknown): Promise<object> {
  const errors = (await import(join(kitchen.project, 'app/core/errors.ts'))) as {
    toProblem(error: unknown): object;
  };
  return errors.toProblem(error);
}

/** Names of update operators in all commands of this file. */
function updateOperators(): string[] {
  return kitchen.commands
    .filter(({ command }) =>
      /^(products|things|categories)$/.test(String(command.update ?? command.findAndModify)),
    )
    .flatMap(({ command }) => [
      command.update,
      ...((command.updates ?? []) as { u: unknown }[]).map(({ u }) => u),
    ])
    .filter((update) => typeof update === 'object')
    .flatMap((update) => Object.keys(update as object));
}
