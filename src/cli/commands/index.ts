import type { Invocation } from '../argv.ts';
import type { Report } from '../report.ts';

/** Runs a command, loading its file and no other; returns the exit code. */
export async function runCommand(
  invocation: Invocation,
  report: Report,
  signal: AbortSignal,
): Promise<number> {
  const run = { invocation, report, signal };
  switch (invocation.command) {
    case 'new':
      return (await import('./new.ts')).newProject(run);
    case 'example':
      return (await import('./example.ts')).example(run);
    case 'routes':
      return (await import('./routes.ts')).listRoutes(run);
    case 'doctor':
      return (await import('./doctor.ts')).examine(run);
    case 'completion':
      return (await import('./completion.ts')).completion(run);
  }
}
