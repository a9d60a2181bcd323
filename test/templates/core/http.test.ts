import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blueprint } from '../../../templates/project/app/core/blueprint.ts';
import { crud } from '../../../templates/project/app/core/crud.ts';
import { problem } from '../../../templates/project/app/core/problems.ts';
import { asker, category, openShop, product, routesOf, type Ask, type Shop } from './shop.ts';

let shop: Shop;
let ask: Ask;
const odd = blueprint('/odd', () =>
  Router()
    .get('/error', () => {
      throw new Error('secret detail');
    })
    .get('/text', () => {
      throw 'secret detail';
    })
    .get('/null', () => {
      throw null;
    })
    .get(
      '/left',
      (_req, _res, next) => next('router'),
      () => {
        throw new Error("next('router') leaves the router");
      },
    )
    .get('/reject', () => Promise.reject(new Error('secret detail')))
    .get('/problem', () => {
      throw problem(409, 'The shop is closed');
    })
    .get('/stream', (_req, res) => {
      res.write('a');
      throw new Error('secret detail');
    })
    .get('/never', () => {}),
);
beforeAll(async () => {
  const blueprints = [category, product].map((each) =>
    blueprint(each.path, (context) => routesOf(crud(context, each))),
  );
  shop = await openShop({
    blueprints: [...blueprints, odd],
    publicUrl: 'https://api.example.com',
    limits: { requestMs: 1500 },
  });
  ask = asker(shop.url);
});
afterAll(() => shop.stop());

const lamp = { name: 'Lamp', price: 19.9 };

/** Sends bytes as they are and gives the answer as text. */
const raw = async (text: string): Promise<string> => {
  const socket = connect(Number(new URL(shop.url).port), '127.0.0.1');
  socket.end(text);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, 'close');
  return answer;
};

describe('methods', () => {
  test('OPTIONS names them, other methods are answered 405 with Allow', async () => {
    const options = await ask('OPTIONS', '/api/products');
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST, QUERY');
    expect(options.headers.get('accept-query')).toBe('application/json');
    const item = await ask('OPTIONS', '/api/products/x');
    expect(item.headers.get('allow')).toBe('DELETE, GET, HEAD, OPTIONS, PATCH, PUT');
    expect(item.headers.get('accept-patch')).toContain('application/merge-patch+json');
    for (const [method, path] of [
      ['DELETE', '/api/products'],
      ['POST', '/api/products/x'],
      ['GET', '/api/products/search'],
      ['DELETE', '/api/products/search'],
      ['DELETE', `/api/categories/${'a'.repeat(24)}/products`],
    ] as const) {
      const reply = await ask(method, path);
      expect([reply.status, reply.body.code]).toEqual([405, 'method_not_allowed']);
      expect(reply.headers.get('allow')).toMatch(/OPTIONS/);
    }
  });

  test('HEAD is GET without the body', async () => {
    const reply = await ask('HEAD', '/api/products');
    expect([reply.status, reply.headers.get('x-total-count')]).toEqual([200, '0']);
    expect(Number(reply.headers.get('content-length'))).toBeGreaterThan(10);
  });
});

describe('bodies', () => {
  const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${shop.url}/api/products`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  test('what is not JSON says what would be', async () => {
    for (const method of ['POST', 'PUT']) {
      const path = method === 'POST' ? '/api/products' : `/api/products/${'a'.repeat(24)}`;
      const reply = await ask(method, path, 'x', { 'content-type': 'text/plain' });
      expect([reply.status, reply.body.error]).toEqual([400, 'Request must be JSON']);
      expect(reply.headers.get('accept-post')).toBe('application/json');
    }
  });

  test.each([
    ['{"a":', 'invalid_json'],
    ['[1,]', 'invalid_json'],
    ['"text"', 'invalid_body'],
    ['null', 'invalid_body'],
    ['5', 'invalid_body'],
    ['[]', 'invalid_body'],
    ['{"$where":1}', 'validation_error'],
    ['{"__proto__":{"a":1}}', 'validation_error'],
    ['{"extra":{"constructor":1}}', 'validation_error'],
    ['{"extra":{"a.b":1}}', 'validation_error'],
    ['{"name":"\\ud800","price":1}', 'validation_error'],
    ['{"name":"x","price":1e999}', 'validation_error'],
    [`{"extra":${'['.repeat(45_000)}${']'.repeat(45_000)}}`, 'too_deep'],
  ])('%s is 400', async (body, code) => {
    const reply = await ask('POST', '/api/products', body);
    expect([reply.status, reply.body.code]).toEqual([400, code]);
    expect(JSON.stringify(reply.body)).not.toMatch(/Unexpected|position/);
    expect(Object.hasOwn(Object.prototype, 'a')).toBe(false);
  });

  test('free JSON has eight levels and 200 keys', async () => {
    const levels = (count: number) => `${'['.repeat(count)}${']'.repeat(count)}`;
    const keys = (count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])));
    for (const [extra, status] of [
      [levels(8), 201],
      [levels(9), 400],
      [keys(200), 201],
      [keys(201), 400],
    ] as const)
      expect((await post(`{"name":"Lamp","price":1,"extra":${extra}}`)).status).toBe(status);
  });

  test('an object has at most 1,000 keys, wherever it is', async () => {
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
    const codes = async (body: unknown) => {
      const reply = await ask('POST', '/api/products', JSON.stringify(body));
      const errors = reply.body.errors as { pointer: string; code: string }[];
      return errors.map(({ pointer, code }) => `${pointer} ${code}`);
    };
    expect(await codes(keys(1000))).toContain('#/k0 unknown_field');
    expect(await codes(keys(1001))).toEqual(['# too_many_keys']);
    expect(await codes([lamp, { ...lamp, extra: keys(1001) }])).toEqual([
      '#/1/extra too_many_keys',
    ]);
  });

  test('invalid UTF-8 is refused, and so is another charset', async () => {
    const bytes = Uint8Array.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]);
    expect((await post(bytes)).status).toBe(400);
    const latin = { 'content-type': 'application/json; charset=latin1' };
    expect((await post('{}', latin)).status).toBe(415);
  });

  test('a document may have 100 kB, a list 1 MB, counted after inflating', async () => {
    const large = JSON.stringify({ ...lamp, extra: 'x'.repeat(100_000) });
    const refused = await post(large);
    expect([refused.status, refused.headers.get('connection')]).toEqual([413, 'close']);
    expect((await post(`  [${large}]`)).status).toBe(201);
    expect((await post(`["${'x'.repeat(1_000_000)}"]`)).status).toBe(413);
    const gzip = { 'content-encoding': 'gzip' };
    const zipped = (bytes: Buffer) => post(Uint8Array.from(gzipSync(bytes)), gzip);
    expect((await zipped(Buffer.alloc(20_000_000, '{'))).status).toBe(413);
    expect((await zipped(Buffer.from(JSON.stringify(lamp)))).status).toBe(201);
    expect((await post('{}', { 'content-encoding': 'foo' })).status).toBe(415);
  });

  test('a large body that keeps coming still gets its answer', async () => {
    const replies = await Promise.all(Array.from({ length: 5 }, () => post(' '.repeat(5_000_000))));
    expect(replies.map(({ status }) => status)).toEqual([413, 413, 413, 413, 413]);
    const noise = Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * 2_654_435_761) >>> 13);
    const gzip = { 'content-encoding': 'gzip' };
    expect((await post(Uint8Array.from(gzipSync(noise)), gzip)).status).toBe(413);
  });
});

describe('URLs and headers', () => {
  test.each([
    '/api/products/',
    '/api//products',
    '/api/products/%2e%2e/x',
    '/api/products%2Fx',
    '/api/products/a%00',
    '/api/Products',
    '/api/<script>',
    '/api',
  ])('%s is 404 and not repeated', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 404/);
    expect(answer).not.toMatch(/script|Products/);
  });

  test('a path that is not percent-encoded is 400', async () => {
    const reply = await ask('GET', '/api/products/%E0%A4%A');
    expect([reply.status, reply.body.code]).toEqual([400, 'invalid_url']);
  });

  test('two Host headers are 400, a URL of more than 8 kB 414', async () => {
    const twice = 'GET /api/products HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n';
    expect(await raw(twice)).toMatch(/^HTTP\/1.1 400/);
    expect((await ask('GET', `/api/products?q=${'x'.repeat(9000)}`)).status).toBe(414);
  });

  test('Accept is heeded, Range is not', async () => {
    for (const [accept, status] of [
      ['text/html', 406],
      ['text/html, */*;q=0.1', 200],
      ['application/json', 200],
    ] as const) {
      expect((await ask('GET', '/api/products', undefined, { accept })).status).toBe(status);
    }
    const reply = await ask('GET', '/api/products', undefined, { range: 'bytes=0-1' });
    expect([reply.status, Array.isArray(reply.body.data)]).toEqual([200, true]);
  });

  test('PUBLIC_URL makes Location and problem types absolute', async () => {
    const made = await ask('POST', '/api/products', lamp);
    expect(made.headers.get('location')).toMatch(/^https:\/\/api\.example\.com\/api\/products\//);
    const { body } = await ask('GET', '/api/products/x');
    expect(body.type).toBe('https://api.example.com/problems/not_found');
  });
});

describe('errors', () => {
  test.each(['error', 'text', 'null', 'reject'])(
    'thrown as %s are 500 without details',
    async (what) => {
      const reply = await ask('GET', `/api/odd/${what}`);
      expect([reply.status, reply.body.code, reply.body.requestId]).toEqual([
        500,
        'internal_error',
        'test-request',
      ]);
      expect(JSON.stringify(reply.body)).not.toContain('secret');
      expect(shop.logged.at(-1)).toMatchObject({
        requestId: 'test-request',
        code: 'internal_error',
      });
    },
  );

  test('thrown by a service are answered as it says', async () => {
    const reply = await ask('GET', '/api/odd/problem');
    expect([reply.status, reply.body.code, reply.body.detail]).toEqual([
      409,
      'conflict',
      'The shop is closed',
    ]);
  });

  test("next('router') leaves a path to others: here to nobody", async () => {
    expect((await ask('GET', '/api/odd/left')).status).toBe(404);
    expect((await ask('PUT', '/api/odd/left', {})).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('in the middle of an answer cut the connection', async () => {
    await expect(
      fetch(`${shop.url}/api/odd/stream`).then((reply) => reply.text()),
    ).rejects.toThrow();
  });

  test('list at most twenty', async () => {
    const { body } = await ask(
      'POST',
      '/api/products',
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x${i}`, 1])),
    );
    expect(body.errors).toHaveLength(20);
    expect(body.truncated).toBe(true);
  });

  test('of the request deadline are 503', async () => {
    const reply = await ask('GET', '/api/odd/never');
    expect([reply.status, reply.body.code]).toEqual([503, 'request_timeout']);
  });

  test('have a page for each code', async () => {
    const { body } = await ask('GET', '/problems', undefined, { accept: 'application/json' });
    const codes = (body.data as { code: string }[]).map(({ code }) => code);
    expect(codes).toContain('duplicate');
    const page = await fetch(`${shop.url}/problems/duplicate`, {
      headers: { accept: 'text/html' },
    });
    expect(await page.text()).toContain('<h1>Duplicate value</h1>');
    for (const code of codes) {
      const { status, body: one } = await ask('GET', `/problems/${code}`);
      expect([status, one.code]).toEqual([200, code]);
    }
    expect((await ask('GET', '/problems/nope')).status).toBe(404);
  });
});

test('errors show their stack in debug mode alone', async () => {
  const debug = await openShop({ blueprints: [odd], debug: true });
  const shown = await asker(debug.url)('GET', '/api/odd/error');
  await debug.stop();
  expect(shown.body.stack).toMatch(/secret detail\n\s+at /);
  expect((await ask('GET', '/api/odd/error')).body).not.toHaveProperty('stack');
});

test('what was not asked for is not there', async () => {
  const { headers } = await ask('POST', '/api/products', lamp);
  const path = new URL(String(headers.get('location'))).pathname;
  for (const at of [`${path}/versions`, `${path}/restore`, '/api/products/stats/sales'])
    expect((await ask('GET', at)).status, at).toBe(404);
  for (const at of [`${path}/restore`, `${path}/actions/restock`])
    expect((await ask('POST', at, {})).status, at).toBe(404);
  // They would be documents of these ids.
  for (const at of ['facets', 'events'])
    expect((await ask('GET', `/api/products/${at}`)).status, at).toBe(404);
  for (const method of ['PATCH', 'DELETE'])
    expect((await ask(method, '/api/products?price=1', {})).status, method).toBe(405);
});

test('schemas describe each resource', async () => {
  const reply = await ask('GET', '/api/schemas/products');
  expect(reply.headers.get('content-type')).toContain('application/schema+json');
  expect(reply.body).toMatchObject({ required: ['name', 'price'], additionalProperties: false });
  expect((await ask('GET', '/api/schemas/nope')).status).toBe(404);
  expect((await ask('POST', '/api/schemas/products', {})).status).toBe(405);
});

test('every query to the database is bounded in time, and no other operator is written', async () => {
  const commands: { commandName: string; command: Record<string, unknown> }[] = [];
  const listener = (event: { commandName: string; command: object }) =>
    void commands.push({ commandName: event.commandName, command: { ...event.command } });
  shop.context.client.on('commandStarted', listener);
  const { headers } = await ask('POST', '/api/products', lamp);
  const path = new URL(String(headers.get('location'))).pathname;
  for (const query of ['?q=x&name[contains]=y', '?embed=category', '/search'])
    await ask('GET', `/api/products${query}`);
  await ask('POST', '/api/products', [lamp, lamp], { 'idempotency-key': 'bounded' });
  await ask('POST', '/api/products', [lamp, lamp], { 'idempotency-key': 'bounded' });
  await ask('PATCH', path, { tags: ['x'], dims: { w: 1 }, sku: null });
  await ask('PUT', path, lamp);
  await ask('DELETE', path);
  shop.context.client.off('commandStarted', listener);
  for (const { commandName, command } of commands) {
    if (['find', 'aggregate', 'findAndModify'].includes(commandName))
      expect(command.maxTimeMS).toBe(5000);
    if (commandName === 'findAndModify') {
      expect(['$set', '$unset', '$inc']).toEqual(
        expect.arrayContaining(Object.keys(command.update ?? {})),
      );
    }
  }
  expect(commands.length).toBeGreaterThan(6);
  expect(JSON.stringify(commands)).not.toMatch(/\$where|\$function|\$expr/);
});

test('a database that is gone is 503 within three seconds', async () => {
  const own = await openShop();
  await asker(own.url)('GET', '/api/products');
  await own.cut();
  const before = performance.now();
  for (const [method, body] of [
    ['GET', undefined],
    ['POST', lamp],
  ] as const) {
    const reply = await asker(own.url)(method, '/api/products', body);
    expect([reply.status, reply.body.code, reply.headers.get('retry-after')]).toEqual([
      503,
      'database_unavailable',
      '5',
    ]);
  }
  expect(performance.now() - before).toBeLessThan(6_000);
  await own.stop();
});
