import { exit, UserError } from '../errors.ts';
import { createReport, type Report } from './report.ts';

/** A key, and what ends a process from outside: a cancelled CI job, a container that stops. */
const stops = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs the command that `argv` asks for and sets the exit code of the process. Modules are loaded
 * where they are needed: `--help` answers before anything large is read.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  const flags = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  // On such a terminal nothing that was typed can be taken back, and no list be drawn.
  const dumb = env['TERM'] === 'dumb';
  const report = createReport(
    {
      input: { isTTY: stdin.isTTY && !dumb },
      out: stdout,
      err: stderr,
      plain: Boolean(env['NO_COLOR']) || dumb,
    },
    flags.includes('--json'),
  );
  // Who reads no further (`| head`) has got what they wanted.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exit.done);
    throw error;
  });
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  for (const signal of stops) process.on(signal, onSignal);
  try {
    process.exitCode = await run(argv, flags, report, interrupt.signal);
  } catch (error) {
    // An interrupt surfaces as whatever was under way at that moment: an abort, a closed prompt.
    const interrupted = interrupt.signal.aborted && !(error instanceof UserError);
    const shown = interrupted ? new UserError(exit.interrupted, 'interrupted') : error;
    process.exitCode = report.failure(shown, flags.includes('--debug'));
  } finally {
    for (const signal of stops) process.off(signal, onSignal);
  }
}

async function run(
  argv: readonly string[],
  flags: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<number> {
  if (flags.includes('--help') || flags.includes('-h')) {
    const { help } = await import('./help.ts');
    report.raw(help(argv.filter((word) => !word.startsWith('-'))));
    return exit.done;
  }
  if (flags.includes('--version') || flags.includes('-v')) {
    const { manifest } = await import('../package.ts');
    report.raw(`${manifest().version}\n`);
    return exit.done;
  }
  const { parseArgv } = await import('./argv.ts');
  const invocation = parseArgv(argv);
  const { runCommand } = await import('./commands/index.ts');
  return runCommand(invocation, report, signal);
}
