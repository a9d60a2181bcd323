import { existsSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import * as z from 'zod';
import { defaultLimits } from './app/core/context.ts';
import { isNeededInProduction, list, secret, whole } from './app/ops/variables.ts';
import { featureVariables } from './app/settings.ts';

/** The environment is wrong. `problems` names every mistake, one sentence each; the process exits with 78. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;

const isMongoUri = (uri: string) => {
  try {
    new MongoClient(uri); // parses only; it connects with the first operation
    return true;
  } catch {
    return false;
  }
};

const environment = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production')
    .default('production'),
  HOST: z.string().optional(),
  PORT: whole(0, 65_535).default(5000),
  METRICS_PORT: whole(0, 65_535).optional(),
  MONGODB_URI: z
    .string('is missing: mongodb://host/name')
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .refine(isMongoUri, 'is not a MongoDB connection string'),
  LOG_LEVEL: z.enum(levels, `must be one of ${levels.join(', ')}`).optional(),
  RATE_LIMIT_MAX: whole(0, 1_000_000).optional(),
  TRUST_PROXY: z
    .string()
    .refine((text) => text !== 'true', 'must be a number of proxies or their addresses, not true')
    .transform((text) => (/^\d{1,2}$/.test(text) ? Number(text) : text.split(/\s*,\s*/)))
    .optional(),
  CORS_ORIGINS: list
    .refine(
      (origins) => origins.every(isOrigin),
      'must list origins such as https://shop.example.com',
    )
    .default([]),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  OPS_TOKEN: secret.optional(),
  DRAIN_SECONDS: whole(0, 300).optional(),
  ...featureVariables,
});

/** What features need and nobody gave; development and tests do without. */
const missing = (given: Readonly<Record<string, unknown>>): string[] => {
  const { NODE_ENV: env = 'production' } = given;
  if (env !== 'production') return [];
  return Object.entries<z.ZodType>(featureVariables)
    .filter(([name, type]) => isNeededInProduction(type) && given[name] === undefined)
    .map(([name]) => `${name} is missing: openssl rand -hex 32`);
};

const derive = (env: z.output<typeof environment>) => {
  const production = env.NODE_ENV === 'production';
  return Object.freeze({
    env: env.NODE_ENV,
    /** Detailed errors, readable log lines, templates read anew with each request. Never in production. */
    debug: !production,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    metricsPort: env.METRICS_PORT,
    mongodbUri: env.MONGODB_URI,
    logLevel: env.LOG_LEVEL ?? (env.NODE_ENV === 'test' ? 'silent' : 'info'),
    /** Requests a minute an address may make; 0 = no limit. */
    rateLimitMax: env.RATE_LIMIT_MAX ?? (production ? 300 : 0),
    trustProxy: env.TRUST_PROXY ?? false,
    corsOrigins: env.CORS_ORIGINS,
    publicUrl: env.PUBLIC_URL,
    opsToken: env.OPS_TOKEN,
    /** Seconds that /readyz says 503 before the process stops taking connections. */
    drainSeconds: env.DRAIN_SECONDS ?? (production ? 2 : 0),
    limits: defaultLimits,
    /** More requests at once, or an event loop that is later than so many milliseconds: 503. Three times the pool. */
    overload: { inFlight: 150, delayMs: production ? 500 : Infinity },
    /** Tests store passwords by the hundred: theirs cost next to nothing. */
    passwordCost: env.NODE_ENV === 'test' ? { ln: 4, r: 8, p: 1 } : undefined,
    /** Every variable under its own name: features read theirs here. */
    variables: env,
  });
};

export type Config = ReturnType<typeof derive>;

/**
 * The configuration of the process, from `.env` (when there is one) and the environment, which wins.
 * This is the only place that reads `process.env`.
 *
 * @throws {ConfigError} listing every mistake at once
 */
export const loadConfig = (
  env: Readonly<Record<string, string | undefined>> = readEnvironment(),
): Config => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  const absent = missing(given);
  if (result.success && absent.length === 0) return derive(result.data);
  const first = new Map(
    result.error?.issues.toReversed().map(({ path, message }) => [path.join('.'), message]),
  );
  const wrong = [...first].toReversed().map(([name, message]) => `${name} ${message}`);
  throw new ConfigError([...wrong, ...absent]);
};

const readEnvironment = () => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
};

/** `loadConfig`, or the mistakes on standard error, a line each, and exit code 78 (EX_CONFIG). */
export const configOrExit = (): Config => {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(error.problems.map((line) => `${line}\n`).join(''));
    process.exit(78);
  }
};
