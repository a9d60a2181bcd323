import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isPublicAddress } from '../../app/ops/addresses.ts';
import { AddressRefused, createOutbound } from '../../app/ops/outbound.ts';
import { signedHeaders } from '../../app/ops/signature.ts';

/** Hostile and ordinary receivers, by path. */
const receivers: Record<string, RequestListener> = {
  '/echo': (req, res) => {
    void req.toArray().then((chunks: Buffer[]) => {
      const body = Buffer.concat(chunks).toString();
      res.end(JSON.stringify({ host: req.headers.host, method: req.method, body }));
    });
  },
  '/away': (_req, res) => {
    res.writeHead(302, { location: '/echo' }).end('look elsewhere');
  },
  '/endless': (_req, res) => {
    const pour = () => {
      while (res.write('x'.repeat(10_000)));
    };
    res.on('drain', pour);
    pour();
  },
  '/silent': () => undefined,
  '/stuck': (_req, res) => {
    res.write('begun');
  },
};

let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((req, res) => receivers[req.url ?? '']?.(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const at = (path: string, host = '127.0.0.1') => `http://${host}:${port}${path}`;
const call = createOutbound({ debug: true });

/** A resolver that knows one answer for each time it is asked, and counts. */
const resolver = (...answers: string[][]) => {
  let asked = 0;
  return {
    asked: () => asked,
    resolve: () => {
      const addresses = answers[asked] ?? answers.at(-1) ?? [];
      asked += 1;
      return Promise.resolve(
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    },
  };
};

describe('a call to an address that somebody else named', () => {
  it('sends what it is given and answers with status and text', async () => {
    const { status, text } = await call(at('/echo'), { method: 'POST', body: 'grüße' });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ method: 'POST', body: 'grüße' });
  });

  it('E3 does not follow a redirect', async () => {
    expect(await call(at('/away'), { method: 'GET' })).toEqual({
      status: 302,
      text: 'look elsewhere',
    });
  });

  it('reads no more of an answer than it was told', async () => {
    const { text } = await call(at('/endless'), { method: 'GET', maxBytes: 25_000 });
    expect(text).toHaveLength(25_000);
  });

  it('E3 unless told otherwise reads 64 kB of an answer and waits five seconds', async () => {
    const patience = vi.spyOn(AbortSignal, 'timeout');
    const { text } = await call(at('/endless'), { method: 'GET' });
    expect(text).toHaveLength(65_536);
    expect(patience.mock.calls).toEqual([[5_000]]);
    patience.mockRestore();
  });

  it.each(['/silent', '/stuck'])('gives up on a receiver that is %s', async (path) => {
    const answer = call(at(path), { method: 'GET', timeoutMs: 100 });
    await expect(answer).rejects.toThrow(/abort|timeout/i);
  });

  it('gives up on a name that takes too long to resolve', async () => {
    const slow = createOutbound({ debug: true }, () => new Promise(() => undefined));
    const answer = slow(at('/echo'), { method: 'GET', timeoutMs: 100 });
    await expect(answer).rejects.toThrow(/timeout/i);
  });

  it('E8 connects to the address that was checked, whatever the name means a moment later', async () => {
    const { resolve, asked } = resolver(['127.0.0.1'], ['127.0.0.99']);
    const { text } = await createOutbound({ debug: true }, resolve)(
      at('/echo', 'rebinding.example'),
      { method: 'GET' },
    );
    expect(JSON.parse(text)).toMatchObject({ host: `rebinding.example:${port}` });
    expect(asked()).toBe(1);
  });
});

describe('in production', () => {
  const production = (...addresses: string[]) =>
    createOutbound({ debug: false }, resolver(addresses).resolve);

  it.each(['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'nonsense', ''])(
    'E8 refuses %s',
    async (address) => {
      const answer = production('93.184.215.14')(address, { method: 'GET' });
      await expect(answer).rejects.toThrow(AddressRefused);
    },
  );

  it.each([
    ['private', '10.1.2.3'],
    ['loopback in IPv6', '::1'],
    ['loopback as mapped IPv6', '::ffff:127.0.0.1'],
    ['metadata', '169.254.169.254'],
  ])('E8 refuses a name with one %s address among its public ones', async (_, address) => {
    const answer = production('93.184.215.14', address)('https://example.com/', { method: 'GET' });
    await expect(answer).rejects.toThrow(AddressRefused);
  });

  it.each(['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:a00:1]', 'localhost'])(
    'E8 refuses https://%s/ itself',
    async (host) => {
      const answer = createOutbound({ debug: false })(`https://${host}/`, { method: 'GET' });
      await expect(answer).rejects.toThrow(AddressRefused);
    },
  );

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.255.255.255',
    '168.63.129.16',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.19.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::10.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2001::1',
    '2001:db8::1',
    '2002:a00:1::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
  ])('%s is no host of the Internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '93.184.215.14', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450::1'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

it('signs as Standard Webhooks does', () => {
  // The example of the specification's libraries.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const headers = signedHeaders(
    secret,
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    1_614_265_330,
    '{"test": 2432232314}',
  );
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});
