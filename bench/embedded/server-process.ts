import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const bundle = resolve(import.meta.dirname, '../../node_modules/.cache/embedded-mongo-bench.mjs');

/** The server as one unminified file, as emitted projects run it. */
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

export interface BenchServer {
  uri: string;
  /** From spawn to the first accepted connection's address, in ms. */
  startMs: number;
  ask<T>(request: 'reset' | 'memory'): Promise<T>;
  stop(): Promise<void>;
}

/** Starts the bundled server; with `dir`, on the data of that folder. */
export async function startServer(dir?: string): Promise<BenchServer> {
  const began = performance.now();
  const child: ChildProcess = fork(bundle, dir === undefined ? [] : [dir], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ uri }] = (await once(child, 'message')) as [{ uri: string }];
  const startMs = performance.now() - began;
  return {
    uri,
    startMs,
    async ask<T>(request: string) {
      child.send(request);
      return ((await once(child, 'message')) as [T])[0];
    },
    async stop() {
      const gone = once(child, 'exit');
      child.send('stop');
      await gone;
    },
  };
}
