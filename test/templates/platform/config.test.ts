// The environment: what it becomes, and every mistake in it at once.
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../../templates/project/config.ts';

type Env = Readonly<Record<string, string | undefined>>;

const MONGODB_URI = 'mongodb://127.0.0.1/shop';
const load = (env: Env = {}) => loadConfig({ MONGODB_URI, ...env });

/** What is wrong with an environment, a sentence a variable. */
const mistakes = (env: Env): readonly string[] => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('defaults', () => {
  const production = {
    env: 'production',
    debug: false,
    host: '0.0.0.0',
    port: 5000,
    metricsPort: undefined,
    mongodbUri: MONGODB_URI,
    logLevel: 'info',
    rateLimitMax: 300,
    trustProxy: false,
    corsOrigins: [],
    publicUrl: undefined,
    opsToken: undefined,
    drainSeconds: 2,
    passwordCost: undefined,
  };
  const open = { debug: true, host: '127.0.0.1', rateLimitMax: 0, drainSeconds: 0 };
  test.each([
    ['no NODE_ENV', undefined, production],
    ['an empty NODE_ENV', '', production],
    ['production', 'production', production],
    ['development', 'development', { ...production, env: 'development', ...open }],
    [
      'test',
      'test',
      {
        ...production,
        env: 'test',
        ...open,
        logLevel: 'silent',
        passwordCost: { ln: 4, r: 8, p: 1 },
      },
    ],
  ])('with %s', (_title, NODE_ENV, expected) => {
    const { limits, overload, variables, ...config } = load({ NODE_ENV });
    expect(variables).toMatchObject({ NODE_ENV: expected.env });
    expect(config).toEqual(expected);
    expect(overload).toEqual({
      inFlight: 150,
      delayMs: expected.env === 'production' ? 500 : Infinity,
    });
    expect(limits).toMatchObject({ body: 100_000, pageSize: 20 });
  });

  test('stand for empty variables, and unknown variables do not matter', () => {
    expect(load({ PORT: '', OPS_TOKEN: '', TRUST_PROXY: '', PUBLIC_URL: '', HOME: 'x' })).toEqual(
      load(),
    );
  });
});

describe('a value', () => {
  const secret = '0123456789abcdef0123456789abcdef';
  test.each<[Env, object]>([
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: '65535' }, { port: 65_535 }],
    [{ METRICS_PORT: '9100' }, { metricsPort: 9100 }],
    [{ HOST: '::1' }, { host: '::1' }],
    [{ LOG_LEVEL: 'trace', NODE_ENV: 'test' }, { logLevel: 'trace' }],
    [{ RATE_LIMIT_MAX: '0' }, { rateLimitMax: 0 }],
    [{ RATE_LIMIT_MAX: '5', NODE_ENV: 'development' }, { rateLimitMax: 5 }],
    [{ DRAIN_SECONDS: '0' }, { drainSeconds: 0 }],
    [{ TRUST_PROXY: '1' }, { trustProxy: 1 }],
    [{ TRUST_PROXY: 'loopback' }, { trustProxy: ['loopback'] }],
    [{ TRUST_PROXY: '10.0.0.0/8 , 127.0.0.1' }, { trustProxy: ['10.0.0.0/8', '127.0.0.1'] }],
    [
      { CORS_ORIGINS: 'https://a.example, http://localhost:5173,' },
      { corsOrigins: ['https://a.example', 'http://localhost:5173'] },
    ],
    [{ CORS_ORIGINS: ' , ' }, { corsOrigins: [] }],
    [{ PUBLIC_URL: 'https://shop.example.com/' }, { publicUrl: 'https://shop.example.com' }],
    [{ PUBLIC_URL: 'http://a.example/shop//' }, { publicUrl: 'http://a.example/shop' }],
    [{ OPS_TOKEN: secret }, { opsToken: secret }],
    [
      { MONGODB_URI: 'mongodb://a:27017,b:27018/shop?replicaSet=rs' },
      { mongodbUri: 'mongodb://a:27017,b:27018/shop?replicaSet=rs' },
    ],
  ])('is read: %j', (env, expected) => {
    expect(load(env)).toMatchObject(expected);
  });

  const port = 'must be a whole number from 0 to 65535';
  const origins = 'must list origins such as https://shop.example.com';
  const level = 'must be one of fatal, error, warn, info, debug, trace, silent';
  const address = 'must be an http or https address';
  const proxies = 'must be a number of proxies or their addresses, not true';
  const short = 'must have at least 32 bytes: openssl rand -hex 32';
  const sample = 'is a sample, not a secret: openssl rand -hex 32';
  test.each([
    ['NODE_ENV', 'staging', 'must be development, test or production'],
    ...['65536', '-1', '80.5', '1e3', '0x50', ' 80', 'http', '１２'].map((value) => [
      'PORT',
      value,
      port,
    ]),
    ['METRICS_PORT', 'x', port],
    ['RATE_LIMIT_MAX', '1000001', 'must be a whole number from 0 to 1000000'],
    ['DRAIN_SECONDS', '301', 'must be a whole number from 0 to 300'],
    ['LOG_LEVEL', 'loud', level],
    ['TRUST_PROXY', 'true', proxies],
    ...['*', 'https://a.example/', 'https://a.example/x', 'a.example', 'null'].map((value) => [
      'CORS_ORIGINS',
      value,
      origins,
    ]),
    ['CORS_ORIGINS', 'https://a.example,*', origins],
    ...['ftp://a.example', '/shop', 'javascript:alert(1)'].map((value) => [
      'PUBLIC_URL',
      value,
      address,
    ]),
    ['MONGODB_URI', 'postgres://a/b', 'must begin with mongodb:// or mongodb+srv://'],
    ['MONGODB_URI', 'mongodb://', 'is not a MongoDB connection string'],
    ['OPS_TOKEN', 'short', short],
    ['OPS_TOKEN', secret.slice(1), short],
    ['OPS_TOKEN', 'a'.repeat(64), sample],
    ['OPS_TOKEN', 'replace-by-32-random-bytes-or-more', sample],
    ['OPS_TOKEN', `CHANGE-ME-${secret}`, sample],
  ])('is refused, C12: %s=%s', (name = '', value = '', problem = '') => {
    expect(mistakes({ MONGODB_URI, [name]: value })).toEqual([`${name} ${problem}`]);
  });
});

test.each(['production', 'development', 'test', undefined])(
  'a database must be named, NODE_ENV=%s',
  (NODE_ENV) => {
    for (const uri of [undefined, ''])
      expect(mistakes({ NODE_ENV, MONGODB_URI: uri })).toEqual([
        'MONGODB_URI is missing: mongodb://host/name',
      ]);
  },
);

test('every mistake is named at once, one sentence a variable, and no secret is repeated', () => {
  const env = {
    NODE_ENV: 'staging',
    PORT: 'x',
    METRICS_PORT: 'x',
    LOG_LEVEL: 'loud',
    RATE_LIMIT_MAX: 'x',
    TRUST_PROXY: 'true',
    CORS_ORIGINS: '*',
    PUBLIC_URL: 'x',
    OPS_TOKEN: 'aaaa',
    DRAIN_SECONDS: 'x',
  };
  const found = mistakes(env);
  const names = found.map((line) => line.split(' ')[0]);
  expect(names.sort()).toEqual([...Object.keys(env), 'MONGODB_URI'].sort());
  expect(found.join('\n')).not.toContain('aaaa');
  expect(() => loadConfig(env)).toThrow(found.join('\n'));
});

test('the configuration cannot be changed', () => {
  const config = load();
  expect(Object.isFrozen(config)).toBe(true);
  expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
});

test('the limits are those of the contract', () => {
  expect(load().limits).toEqual({
    body: 100_000,
    bulkBody: 1_000_000,
    bulkItems: 100,
    depth: 8,
    pageSize: 20,
    maxPageSize: 100,
    pageWindow: 10_000,
    count: 10_000,
    queryMs: 5_000,
    requestMs: 10_000,
    url: 8_192,
  });
});
