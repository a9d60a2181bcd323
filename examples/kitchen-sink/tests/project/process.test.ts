import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDatabase } from '../../dev/database.ts';
import { secrets } from '../support/secrets.ts';

/** run.ts as it is started in earnest: a process of its own that hears signals. */
const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const root = join(import.meta.dirname, '../..');

let database: Awaited<ReturnType<typeof startDatabase>> | undefined;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  database = await startDatabase({ uri: process.env['MONGODB_URI'] });
});
afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await database?.stop();
});

function run(env: Record<string, string>) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [tsx, 'run.ts'], {
    cwd: root,
    env: { PATH, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  const lines: string[] = [];
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const stdout = createInterface(child.stdout);
  stdout.on('line', (line) => lines.push(line));
  const said = (text: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const look = (line: string) => {
        if (line.includes(text)) resolve(JSON.parse(line) as Record<string, unknown>);
      };
      lines.forEach(look);
      stdout.on('line', look);
      child.once('exit', () => {
        reject(new Error(`The process ended without saying “${text}”: ${errors}`));
      });
    });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return { child, said, ended, errors: () => errors };
}

describe('process', () => {
  it('drains on SIGTERM: /readyz says 503 at once, requests are answered, then it exits with 0', async () => {
    const { child, said, ended } = run({
      NODE_ENV: 'test',
      MONGODB_URI: database?.uri ?? '',
      DRAIN_SECONDS: '1',
    });
    const { url } = await said('listening');
    await said('"ready"');
    expect((await fetch(`${String(url)}/readyz`)).status).toBe(200);

    child.kill('SIGTERM');
    await said('stopping');
    expect((await fetch(`${String(url)}/readyz`)).status).toBe(503);
    const alive = await fetch(`${String(url)}/livez`);
    expect(alive.status).toBe(200);
    // Clients are told to go on elsewhere.
    expect(alive.headers.get('connection')).toBe('close');
    expect(await ended).toBe(0);
  });

  it('refuses to start in production without what it needs, saying all of it, with exit code 78', async () => {
    // What .env has does not count where the environment says that there is nothing.
    const none = Object.fromEntries(
      ['MONGODB_URI', ...Object.keys(secrets)].map((name) => [name, '']),
    );
    const { ended, errors } = run({ NODE_ENV: 'production', PORT: 'http', ...none });
    expect(await ended).toBe(78);
    for (const name of ['PORT', ...Object.keys(none)]) expect(errors()).toContain(`${name} `);
    expect(errors()).not.toMatch(/^\s+at /m);
  });
});
