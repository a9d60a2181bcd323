import { execa } from 'execa';
import { exit, UserError } from '../errors.ts';

/** What every command outside of the tool gets. */
export interface Surroundings {
  /** The environment of the tool; what would lead the command astray is left out. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** How a command ended. */
export interface Ended {
  readonly ok: boolean;
  /** There is no such command. */
  readonly missing: boolean;
  /** What it printed, both streams, without the last line end. */
  readonly output: string;
}

// Set by a package manager, a hook of git or a container around this run, and not meant for the new project: a registry, a
// working tree elsewhere, or NODE_ENV=production, which would leave out what the project is built and tested with.
const astray =
  /^(?:npm_|pnpm_|init_cwd$|node_env$|git_(?!author_|committer_|config_(?:global|system|nosystem)$))/i;

/**
 * Runs a command without a shell and without a keyboard.
 *
 * @param args go to it as they are
 * @param cwd its working folder
 * @param onLine gets every line it prints
 * @throws UserError 130 when aborted; that it failed is told by the result
 */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  { env, signal }: Surroundings,
  onLine?: (line: string) => void,
): Promise<Ended> {
  stopIfAborted(signal);
  const child = execa(command, args, {
    cwd,
    env: cleaned(env),
    extendEnv: false,
    shell: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    ...(signal !== undefined && { cancelSignal: signal }),
  });
  if (onLine) for await (const line of child.iterable({ from: 'all' })) onLine(line);
  const ended = await child;
  // A terminal sends Ctrl-C to the child as well: whichever of the two ended it, it was interrupted.
  if (ended.signal === 'SIGINT') throw interrupted();
  stopIfAborted(signal);
  return { ok: !ended.failed, missing: ended.code === 'ENOENT', output: ended.all };
}

/** The one line of an output that says what went wrong. */
export function reasonIn(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^(?:npm (?:error|ERR!)|fatal:|error:)\s*/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log of this run'));
  return (lines.find((line) => !/^(?:code|errno|syscall) /.test(line)) ?? 'no reason given').slice(
    0,
    200,
  );
}

function cleaned(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !astray.test(name)));
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

function interrupted(): UserError {
  return new UserError(exit.interrupted, 'interrupted; the project is complete');
}
