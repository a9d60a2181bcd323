import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { buildSync } from 'esbuild';

/** Starts the processes of these tests. */
export class Processes {
  readonly #folder: string;

  /** @param folder for the bundled scripts: hundreds of processes would otherwise compile the same sources */
  constructor(folder: string) {
    this.#folder = folder;
    buildSync({
      entryPoints: ['writer.ts', 'editor.ts'].map((name) => path.join(import.meta.dirname, name)),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
  }

  /** A process that has loaded everything and waits for the word. */
  async ready(script: 'writer' | 'editor', ...args: readonly string[]): Promise<ChildProcess> {
    const child = fork(path.join(this.#folder, `${script}.mjs`), args, {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`${script} ended before it was ready: ${String(code)}`);
    });
    // When it is ready its end is no error any more.
    died.catch(() => undefined);
    await Promise.race([once(child, 'message'), died]);
    return child;
  }

  /** Runs one writer to its end, and gives its exit code. */
  async run(...args: readonly string[]): Promise<number | null> {
    const child = await this.ready('writer', ...args);
    child.send('go');
    return ended(child);
  }
}

/** The exit code of a process; `null` after a kill. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
