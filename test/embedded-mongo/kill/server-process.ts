import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const bundle = resolve(import.meta.dirname, '../../../node_modules/.cache/embedded-mongo-kill.mjs');

/** One file of the server's sources, so that each of the many starts is quick. */
export async function bundleServer(): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'server-entry.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['mongodb', 'mingo'],
    logLevel: 'error',
  });
}

/** Servers that run; none outlives this process. */
const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export type Fsync = 'always' | 'interval' | 'never';

/** A server process over a folder of data. */
export class ServerProcess {
  readonly uri: string;
  readonly #child: ChildProcess;
  readonly #errors: string[];

  private constructor(uri: string, child: ChildProcess, errors: string[]) {
    this.uri = uri;
    this.#child = child;
    this.#errors = errors;
  }

  /** Starts a server; rejects with what it wrote when it ends before it listens. */
  static async start(dir: string, fsync: Fsync): Promise<ServerProcess> {
    const child = spawn(process.execPath, [bundle, dir, fsync], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'test' },
    });
    running.add(child);
    child.on('exit', () => running.delete(child));
    const errors: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const lines = createInterface({ input: child.stdout });
    return await new Promise((done, fail) => {
      lines.on('line', (line) => {
        if (line.startsWith('URI ')) done(new ServerProcess(line.slice(4), child, errors));
        else errors.push(`${line}\n`);
      });
      child.on('exit', (code, signal) =>
        fail(
          new Error(`the server ended before it listened (${signal ?? code}): ${errors.join('')}`),
        ),
      );
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What the server wrote on both streams, but for its URI. */
  get output(): string {
    return this.#errors.join('');
  }

  /** SIGKILL: the process gets no chance to write anything more. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
