/** An emitted project as a process of its own, started as `npm start` would, or in development mode. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repository } from './project.ts';

export interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  /** Everything it wrote to standard output and standard error, line by line. */
  readonly lines: readonly string[];
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  said(text: string, timeoutMs?: number): Promise<string>;
  stop(): Promise<void>;
}

const loader = join(repository, 'node_modules/tsx/dist/loader.mjs');

/** Starts a script of a project; `url` is known once it listens. */
export async function startProcess(
  project: string,
  env: Record<string, string>,
  script = 'run.ts',
): Promise<Started> {
  const started = launch(project, env, script);
  const line = JSON.parse(await started.said('"listening"')) as { url: string };
  return { ...started, url: line.url };
}

/** Starts a script without waiting for anything. */
export function launch(
  project: string,
  env: Record<string, string>,
  script = 'run.ts',
): Omit<Started, 'url'> {
  const child = spawn(process.execPath, ['--import', loader, script], {
    cwd: project,
    env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));

  const said = (text: string, timeoutMs = 20_000) =>
    new Promise<string>((resolve, reject) => {
      const finish = (error?: Error, line = '') => {
        clearTimeout(timer);
        waiting.delete(look);
        if (error === undefined) resolve(line);
        else reject(error);
      };
      const look = () => {
        const line = lines.find((one) => one.includes(text));
        if (line !== undefined) finish(undefined, line);
      };
      const never = () => new Error(`It never said ${text}:\n${lines.slice(-50).join('\n')}`);
      const timer = setTimeout(() => {
        finish(never());
      }, timeoutMs);
      waiting.add(look);
      void ended.then(() =>
        setTimeout(() => {
          look();
          finish(never());
        }, 50),
      );
      look();
    });

  return {
    child,
    lines,
    ended,
    said,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
