import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../config.ts';
import { secrets } from '../support/secrets.ts';

const uri = 'mongodb://127.0.0.1:27017/app';
const production = { NODE_ENV: 'production', MONGODB_URI: uri, ...secrets };

/** What `loadConfig` complains about. */
function problems(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('is production, on every interface, with a rate limit, unless it is told otherwise', () => {
    expect(loadConfig({ MONGODB_URI: uri, ...secrets })).toMatchObject({
      env: 'production',
      debug: false,
      host: '0.0.0.0',
      port: 5000,
      rateLimitMax: 300,
      trustProxy: false,
      corsOrigins: [],
    });
  });

  it('listens on loopback in development, without a rate limit', () => {
    expect(loadConfig({ ...production, NODE_ENV: 'development' })).toMatchObject({
      debug: true,
      host: '127.0.0.1',
      rateLimitMax: 0,
    });
  });

  it('names every mistake at once', () => {
    const found = problems({
      NODE_ENV: 'staging',
      PORT: '99999',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: 'true',
      CORS_ORIGINS: 'https://a.example/path',
      PUBLIC_URL: 'ftp://a.example',
    });
    expect(found.map((problem) => problem.split(' ')[0]).sort()).toEqual([
      'CORS_ORIGINS',
      'LOG_LEVEL',
      'MONGODB_URI',
      'NODE_ENV',
      'PORT',
      'PUBLIC_URL',
      'TRUST_PROXY',
    ]);
  });

  it.each([
    ['short', 'abc'],
    ['a sample', 'replace-me-replace-me-replace-me-replace'],
    ['one character', 'a'.repeat(64)],
  ])('refuses a secret that is %s', (_, secret) => {
    expect(problems({ ...production, OPS_TOKEN: secret })).toHaveLength(1);
  });

  it('is not complete in production without any of the secrets of features', () => {
    for (const name of Object.keys(secrets)) {
      const found = problems({ ...production, [name]: '' });
      expect(found).toEqual([expect.stringContaining(`${name} is missing`)]);
      expect(problems({ NODE_ENV: 'test', MONGODB_URI: uri })).toEqual([]);
    }
  });

  it('takes an empty variable for a missing one', () => {
    expect(loadConfig({ ...production, PORT: '', CORS_ORIGINS: '' }).port).toBe(5000);
  });

  it('cannot be changed once it is made', () => {
    expect(Object.isFrozen(loadConfig(production))).toBe(true);
  });
});
