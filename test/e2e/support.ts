/** What the end-to-end scripts share: child processes that print what they run, free ports, waiting for an answer. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

export const repository = path.resolve(import.meta.dirname, '../..');

/** Runs a command to its end, its output shown, and throws when it fails. */
export const run = async (
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> => {
  console.log(`$ ${[command, ...args].join(' ')}`);
  await execa(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
};

/** The path of a command that is built from the Go proxy, the first time that it is wanted here. */
export const goTool = async (name: string, module: string): Promise<string> => {
  const bin = path.join(repository, '.cache', name);
  const tool = path.join(bin, name);
  if (!existsSync(tool))
    await run(repository, 'go', ['install', module], { GOBIN: bin, GOFLAGS: '-mod=mod' });
  return tool;
};

/** Runs a command and returns its standard output. */
export const output = async (
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> => (await execa(command, args, { cwd, env })).stdout;

/** Starts a process that stays, in a group of its own so that `stop` reaches its children too. */
export const start = (
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
) =>
  execa(command, args, {
    cwd,
    env,
    detached: true,
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
  });

/** A process in a group of its own. */
export interface Running extends PromiseLike<unknown> {
  readonly pid?: number | undefined;
}

/** Sends a signal to a whole group of processes; false when none of it is left. */
const signalGroup = (leader: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
};

const stopSeconds = 20;

/**
 * Ends a process started by `start` and all its children, and waits for each: a child that outlives the first
 * process still writes, and the folder it writes to could not be removed.
 */
export const stop = async (child: Running): Promise<void> => {
  const { pid } = child;
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  await child;
  const until = performance.now() + stopSeconds * 1000;
  while (signalGroup(pid, 0)) {
    if (performance.now() > until) signalGroup(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** A port of the loopback interface that nobody listens on. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Waits until `url` answers 2xx. Throws after `seconds`. */
export const answers = async (url: string, seconds = 60): Promise<Response> => {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return response;
    if (performance.now() > until)
      throw new Error(
        `${url} did not answer within ${seconds} s (${response?.status ?? 'refused'})`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/** Calls `work` with a fresh folder outside the repository and removes it afterwards. */
export const inTemporaryFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'flask-style-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Emits a project into `folder` with the packages of this repository; returns where it lies. */
export const emit = async (
  folder: string,
  name: string,
  words: readonly string[],
): Promise<string> => {
  const tsx = path.join(repository, 'node_modules/.bin/tsx');
  const cli = path.join(repository, 'src/cli/index.ts');
  await run(folder, tsx, [cli, ...words, '--no-install', '--no-git']);
  const project = path.join(folder, name);
  await symlink(path.join(repository, 'node_modules'), path.join(project, 'node_modules'));
  return project;
};

/** Packs the repository into `folder` and returns the path of the tarball. */
export const pack = async (root: string, folder: string): Promise<string> => {
  const listing = await output(root, 'npm', ['pack', '--json', '--pack-destination', folder]);
  const [packed] = JSON.parse(listing.slice(listing.indexOf('[\n'))) as [{ filename: string }];
  return path.join(folder, packed.filename);
};
