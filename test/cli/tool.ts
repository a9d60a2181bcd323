import { spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, inject } from 'vitest';
import { packageRoot } from './package.ts';

export { packageRoot };

/** The path of the tool, bundled from `src` as it is now. */
export function toolPath(): string {
  return inject('tool');
}

/** How a run of the tool ended; `ms` is its wall time. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Sent to the tool this many milliseconds after its start. */
  readonly interruptAfter?: number;
  /** After so many milliseconds it is killed. */
  readonly timeout?: number;
}

/** Runs the tool without a terminal: its input is closed, its output a pipe. */
export async function tool(args: readonly string[], options: RunOptions): Promise<Ended> {
  return node([toolPath(), ...args], options);
}

/** Runs node in the same way; a run of more than 20 s is killed, unless the options give it more. */
export async function node(args: readonly string[], options: RunOptions): Promise<Ended> {
  const from = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: { ...plainEnv(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeout ?? 20_000,
    killSignal: 'SIGKILL',
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  if (options.interruptAfter !== undefined)
    setTimeout(() => child.kill('SIGINT'), options.interruptAfter);
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  return { code, out, err, ms: performance.now() - from };
}

/** The environment without what a test runner adds to it. */
export function plainEnv(): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG } = process.env;
  return { PATH, HOME, LANG };
}

const made: string[] = [];

/** A new folder, removed after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flask-style-cli-'));
  made.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of made.splice(0)) {
    // Never anything but what mkdtemp gave.
    if (dirname(folder) !== tmpdir() || !basename(folder).startsWith('flask-style-cli-'))
      throw new Error(`${folder} is no scratch folder`);
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Everything below a folder: path → mode and content (the text, or where a link points to). */
export function snapshot(folder: string): Record<string, string> {
  const rows = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => {
    const found = lstatSync(join(folder, path));
    const content = found.isFile()
      ? readFileSync(join(folder, path), 'latin1')
      : found.isSymbolicLink()
        ? `-> ${readlinkSync(join(folder, path))}`
        : '/';
    return [path, `${(found.mode & 0o777).toString(8)} ${content}`] as const;
  });
  return Object.fromEntries(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The best of a few tries: on a busy machine one slow run says nothing about the tool. */
export async function bestOf(
  tries: number,
  enough: number,
  run: () => Promise<Ended>,
): Promise<Ended> {
  let best = await run();
  for (let done = 1; done < tries && best.ms > enough; done++) {
    const next = await run();
    if (next.ms < best.ms) best = next;
  }
  return best;
}
