/** What every figure needs: a built project as a production process, its database, and one way to print a result. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startDatabase, uriOf, type Database } from '../../test/emitted/support/database.ts';
import { startProcess, type Started } from '../../test/emitted/support/process.ts';
import { emit, repository } from '../../test/emitted/support/project.ts';

/** Long form with `--full`; without it the counts are small enough for CI. */
export const full = process.argv.includes('--full');

/** What the page's times are multiplied with: CI's machines are slow and not alone, and what it asks is that it ends. */
export const patience = full ? 1 : 4;

export interface Bench {
  readonly project: string;
  readonly database: Database;
  /** Starts the built project in production mode on a database of that name. */
  start(name: string, options?: { port?: number; env?: Record<string, string> }): Promise<Started>;
}

export interface Result {
  /** What was measured, in words with numbers. */
  readonly measured: string;
  readonly pass: boolean;
}

/** A project other than the kitchen sink, and what its user wrote into it before it is built. */
export interface Preparation {
  readonly spec?: string;
  readonly prepare?: (project: string) => Promise<void>;
}

/**
 * Runs one figure of the security page and prints `F11 pass: ...`; the exit code is 1 when the target was missed.
 *
 * @param target what has to hold, in words
 */
export async function figure(
  id: string,
  target: string,
  measure: (bench: Bench) => Promise<Result>,
  { spec, prepare }: Preparation = {},
): Promise<void> {
  const emitted = await emit(spec);
  const project = emitted.path;
  await prepare?.(project);
  await promisify(execFile)(
    process.execPath,
    [join(repository, 'node_modules/tsx/dist/cli.mjs'), 'dev/build.ts'],
    { cwd: project },
  );
  const database = await startDatabase();
  const started: Started[] = [];
  try {
    const { measured, pass } = await measure({
      project,
      database,
      async start(name, { port = database.port, env = {} } = {}) {
        const unique = databaseOf(id, name);
        const app = await startProcess(
          project,
          {
            NODE_ENV: 'production',
            MONGODB_URI: uriOf(database, unique, port),
            RATE_LIMIT_MAX: '0',
            LOG_LEVEL: 'info',
            ...env,
          },
          'dist/run.js',
        );
        started.push(app);
        return app;
      },
    });
    const form = full ? 'full' : 'short';
    process.stdout.write(
      `${id} ${pass ? 'pass' : 'FAIL'} (${form}): ${measured}; target: ${target}\n`,
    );
    if (!pass) process.exitCode = 1;
  } finally {
    await Promise.all(started.map((app) => app.stop()));
    await database.stop();
    await emitted.remove();
  }
}

/** The name that `bench.start(name)` gives its database. */
export const databaseOf = (id: string, name: string): string =>
  `figure_${id}_${name}_${String(process.pid)}`;

/** Creates indexes and validators, which a production start only compares. */
export async function syncDatabase(
  bench: Bench,
  name: string,
  id: string,
  env: Record<string, string> = {},
): Promise<void> {
  const unique = databaseOf(id, name);
  await promisify(execFile)(process.execPath, ['dist/manage.js', 'db:sync'], {
    cwd: bench.project,
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      MONGODB_URI: uriOf(bench.database, unique),
      ...env,
    },
  });
}

/** Sends JSON; the answer's status and body. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

/** Nearest rank, of milliseconds; 0 when there are none. */
export const percentile = (times: readonly number[], share: number): number => {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
};

/** Calls `one` so many times a second, whatever becomes of the calls before; their results when the last is in. */
export async function openLoop<T>(
  rate: number,
  going: () => boolean,
  one: (n: number) => Promise<T>,
): Promise<T[]> {
  const due: Promise<T>[] = [];
  const from = performance.now();
  while (going()) {
    const owed = Math.floor(((performance.now() - from) / 1000) * rate) - due.length;
    for (let i = 0; i < owed; i += 1) due.push(one(due.length));
    await wait(5);
  }
  return Promise.all(due);
}

/** `count` at a time. */
export const together = <T>(count: number, one: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => one(i)));
