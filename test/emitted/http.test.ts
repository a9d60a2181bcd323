import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { useKitchen } from './support/in-process.ts';
import { lines, raw } from './support/raw.ts';
import { key, make, product, thing } from './support/samples.ts';

const kitchen = useKitchen();
const send = (bytes: string | Uint8Array, waitMs?: number) =>
  raw(kitchen.api.baseUrl, bytes, waitMs);
const post = (body: unknown, headers: Record<string, string> = {}) =>
  kitchen.api.post('/api/things', body, { ...key(), ...headers });

describe('content', () => {
  it.each([
    'text/plain',
    'text/html',
    'application/xml',
    'application/jsonp',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ])('B1 %s is not JSON', async (type) => {
    const made = await post('{"label":"Thing"}', { 'content-type': type });
    expect(made.status).toBe(400);
    expect(made.problem.error).toBe('Request must be JSON');
    const item = await make(kitchen.api, '/api/things', thing());
    const patched = await kitchen.api.patch(`/api/things/${item._id}`, '{}', {
      'content-type': type,
    });
    expect(patched.status).toBe(415);
  });

  it('B2 any charset but UTF-8 is 415, bytes that are not UTF-8 are 400', async () => {
    for (const charset of ['utf-16', 'iso-8859-1', 'utf-7', 'foo'])
      expect(
        (await post('{}', { 'content-type': `application/json; charset=${charset}` })).status,
        charset,
      ).toBe(415);
    const item = JSON.stringify(thing());
    const ok = await post(item, { 'content-type': 'application/json; charset=UTF-8' });
    expect(ok.status).toBe(201);
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
      const body = Buffer.concat([
        Buffer.from('{"label":"abc'),
        Buffer.from(bytes),
        Buffer.from('"}'),
      ]);
      expect((await post(body)).status, bytes.join()).toBe(400);
    }
  });

  it('B3 too much is 413, by length and while streaming; what is packed is read', async () => {
    const large = `{"label":"${'a'.repeat(110_000)}"}`;
    expect((await post(large)).status).toBe(413);
    expect(
      (await post(gzipSync(JSON.stringify(thing())), { 'content-encoding': 'gzip' })).status,
    ).toBe(201);
    const chunked = lines(
      'POST /api/things HTTP/1.1',
      'Host: x',
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    );
    const chunk = `8000\r\n${' '.repeat(0x8000)}\r\n`;
    // What is refused is read to its end, so that the client sees the answer; 16 MB later it is refused before it ends.
    for (const body of [`${chunk.repeat(5)}0\r\n\r\n`, chunk.repeat(600)]) {
      const answer = await send(chunked + body);
      expect(answer.status).toBe(413);
      expect(answer.text).toMatch(/connection: close/i);
      expect(answer.closed).toBe(true);
    }
    const list = `[${'{"label":"x"},'.repeat(90)}{"label":"${'a'.repeat(1_000_000)}"}]`;
    expect((await post(list)).status).toBe(413);
  });

  it('B3 a small body that unpacks to too much is 413 at once', async () => {
    const bomb = gzipSync(`{"label":"${'a'.repeat(5_000_000)}"}`);
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it.each([
    '{"label":"s3cr3t',
    '{label:1}',
    "{'label':1}",
    '{"a":1,}',
    'NaN',
    '[1',
    '\u0000',
    '{"a":1}x',
    '\ufeff{"a"',
  ])('B4 %j is 400 in fixed words', async (text) => {
    const answer = await post(text);
    expect(answer.status).toBe(400);
    expect(answer.problem.code).toBe('invalid_json');
    expect(answer.text).not.toMatch(/s3cr3t|position|Unexpected|token|line 1/);
  });

  it.each([9, 200, 1000, 45_000])('B5 %i levels are 400, quickly', async (depth) => {
    const started = performance.now();
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    for (const body of [nested, `{"label":"Thing","free":${nested}}`]) {
      const answer = await post(body);
      expect(answer.status, answer.text.slice(0, 300)).toBe(400);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('B6 more than 50 parameters, errors and items are bounded', async () => {
    const parameters = Array.from({ length: 51 }, (_, i) => `name[ne]=${String(i)}`).join('&');
    expect((await kitchen.api.get(`/api/products?${parameters}`)).status).toBe(400);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${String(i)}`, 1]));
    const answer = await post(many);
    expect(answer.problem.errors).toHaveLength(20);
    expect(answer.problem.truncated).toBe(true);
    expect((await post(thing({ numbers: Array.from({ length: 101 }, (_, i) => i) }))).status).toBe(
      400,
    );
    const keys = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${String(i)}`, 1]));
    expect((await post(thing({ free: keys }))).status).toBe(400);
  });

  it.each(['NaN', 'Infinity', '1e309', '-1e309'])('B7 the number %s is refused', async (number) => {
    expect((await post(`{"label":"Thing","ratio":${number}}`)).status).toBe(400);
    expect((await post(`{"label":"Thing","free":{"a":${number}}}`)).status).toBe(400);
  });

  it('B7 integers beyond 2^53 are refused, -0 is stored as 0', async () => {
    for (const number of ['9007199254740992', '-9007199254740992', '1e20'])
      expect((await post(`{"label":"Thing","count":${number}}`)).status, number).toBe(400);
    const zero = await post('{"label":"Thing","ratio":-0.0}');
    expect(zero.status, zero.text).toBe(201);
    expect(Object.is(zero.item.ratio, 0)).toBe(true);
    const stored = await kitchen.db.collection('things').findOne({ label: 'Thing', ratio: 0 });
    expect(Object.is(Number(stored?.ratio), 0)).toBe(true);
  });

  it('B8 text goes in and comes out as it is; half a character is refused', async () => {
    for (const text of ['"\\ud800"', '"a\\udc00b"'])
      for (const body of [
        `{"label":"Thing","body":${text}}`,
        `{"label":"Thing","free":{"a":${text}}}`,
      ])
        expect((await post(body)).status, body).toBe(400);
    for (const text of [
      '  spaces  ',
      'e\u0301',
      '\u202eabc',
      '👩‍👩‍👧',
      '<script>',
      '$set',
      'a.b',
      "'; DROP",
      '\t\n',
    ]) {
      const item = await make(kitchen.api, '/api/things', thing({ body: text }));
      expect((await kitchen.api.get(`/api/things/${item._id}`)).item.body).toBe(text);
    }
  });
});

describe('methods and paths', () => {
  it('B9 methods that do not exist are 405 with Allow, and nothing overrides a method', async () => {
    for (const method of ['TRACE', 'PROPFIND', 'LOCK', 'SEARCH', 'PURGE']) {
      const answer = await send(
        lines(`${method} /api/products HTTP/1.1`, 'Host: x', 'Connection: close'),
      );
      expect(answer.status, method).toBe(405);
      expect(answer.text).toMatch(/allow: .*GET/i);
    }
    const item = await make(kitchen.api, '/api/products', product());
    for (const headers of [
      { 'x-http-method-override': 'DELETE' },
      { 'x-http-method': 'DELETE' },
      { 'x-method-override': 'DELETE' },
    ])
      await kitchen.api.get(
        `/api/products/${item._id}`,
        headers as unknown as Record<string, string>,
      );
    expect((await kitchen.api.get(`/api/products/${item._id}`)).status).toBe(200);
  });

  it('B10 HEAD is GET without a body, OPTIONS says what is allowed', async () => {
    const { _id } = await make(kitchen.api, '/api/products', product());
    for (const path of ['/api/products', `/api/products/${_id}`, '/api/schemas/products']) {
      const head = await kitchen.api.request('HEAD', path);
      const get = await kitchen.api.get(path);
      expect(head.status, path).toBe(200);
      expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
      expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
      const options = await kitchen.api.request('OPTIONS', path);
      expect(options.status).toBe(204);
      expect(options.headers.get('allow')).toContain('GET');
    }
  });

  it.each([
    '/api/../config.ts',
    '/api/./products',
    '/api//products',
    '/api/products/',
    '/API/products',
    '/api/Products',
    '/api/products%2f',
    '/api%2fproducts',
    '/api/products/%00',
    '/api/products\\x',
    '/static/../config.ts',
    '/static/%2e%2e/%2e%2e/config.ts',
    '//evil.example/api',
  ])('B11 %s leads nowhere', async (path) => {
    const answer = await send(lines(`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close'));
    expect([400, 404], answer.text.slice(0, 200)).toContain(answer.status);
    expect(answer.text).not.toContain('MONGODB_URI');
  });

  it.each([
    [
      'Content-Length and Transfer-Encoding',
      ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      '0\r\n\r\n',
    ],
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3'], '{}'],
    ['a bad chunk', ['Transfer-Encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a length that is no number', ['Content-Length: +2'], '{}'],
    ['a space before the colon', ['Content-Length : 2'], '{}'],
    ['an unknown transfer encoding', ['Transfer-Encoding: xchunked'], '{}'],
  ])('B12 %s is 400 and the connection is closed', async (_, headers, body) => {
    const request =
      lines(
        'POST /api/products HTTP/1.1',
        'Host: x',
        'Content-Type: application/json',
        ...headers,
      ) + body;
    const answer = await send(`${request}GET /api/products HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer.status).toBe(400);
    expect(answer.closed).toBe(true);
    expect(answer.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('B12 bare line feeds are 400', async () => {
    const answer = await send('GET /api/products HTTP/1.1\nHost: x\n\n');
    expect(answer.status).toBe(400);
    expect(answer.closed).toBe(true);
  });

  it('B13 two Host headers are 400, and no link repeats the Host', async () => {
    const two = await send(
      lines('GET /api/products HTTP/1.1', 'Host: a', 'Host: b', 'Connection: close'),
    );
    expect(two.status).toBe(400);
    await make(kitchen.api, '/api/products', product());
    const forged = await send(
      lines(
        'GET /api/products?limit=1 HTTP/1.1',
        'Host: evil.example',
        'X-Forwarded-Host: evil.example',
        'Connection: close',
      ),
    );
    expect(forged.status).toBe(200);
    expect(forged.text).not.toContain('evil.example');
  });

  it('B14 more than 16 kB of headers are 431', async () => {
    const answer = await send(
      lines('GET /api/products HTTP/1.1', 'Host: x', `X-Large: ${'a'.repeat(20_000)}`),
    );
    expect(answer.status).toBe(431);
    expect(answer.closed).toBe(true);
  });

  it('B15 a client that does not finish its headers is sent away within 13 seconds', async () => {
    const started = performance.now();
    const answer = await slowly('GET /api/products HTTP/1.1\r\nHost: x\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408/);
    expect(performance.now() - started).toBeLessThan(13_000);
    expect(performance.now() - started).toBeGreaterThan(8_000);
  });

  it('B16 an idle connection is kept longer than a load balancer keeps it', async () => {
    const answer = await send(lines('GET /livez HTTP/1.1', 'Host: x'), 300);
    expect(answer.closed).toBe(false);
    expect(Number(/keep-alive: timeout=(\d+)/i.exec(answer.text)?.[1])).toBeGreaterThanOrEqual(65);
  });
});

describe('answers', () => {
  it('B17 preconditions hold, and a malformed one is not ignored', async () => {
    const item = await make(kitchen.api, '/api/products', product());
    const at = `/api/products/${item._id}`;
    expect((await kitchen.api.get(at, { 'if-none-match': '"1"' })).status).toBe(304);
    expect((await kitchen.api.patch(at, { price: 3 }, { 'if-match': '"9"' })).status).toBe(412);
    for (const tag of ['1', 'abc', '"1', '""', 'W/1', '"1" "2"', '"1";drop']) {
      const answer = await kitchen.api.patch(at, { price: 3 }, { 'if-match': tag });
      expect([400, 412], tag).toContain(answer.status);
    }
    expect((await kitchen.api.get(at)).item.price).toBe(item.price);
  });

  it('B18 a range of a document is the whole document', async () => {
    const item = await make(kitchen.api, '/api/products', product());
    const answer = await kitchen.api.get(`/api/products/${item._id}`, { range: 'bytes=0-3' });
    expect(answer.status).toBe(200);
    expect(answer.item).toEqual(item);
    expect(answer.headers.get('accept-ranges')).toBeNull();
  });

  it('B19 a 404 does not reflect its path as markup', async () => {
    const answer = await kitchen.api.get('/api/<script>alert(1)</script>');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.text).not.toContain('<script>');
  });
});

/** A client that goes on sending one header byte a second. */
function slowly(start: string): Promise<string> {
  const { hostname, port } = new URL(kitchen.api.baseUrl);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.write(start);
    const drip = setInterval(() => socket.write('X'), 1000);
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      resolve(text);
    });
  });
}
