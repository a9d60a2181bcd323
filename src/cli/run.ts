import type { Invocation } from './argv.ts';
import type { Report } from './report.ts';

/** What every command is given; it returns its exit code. */
export interface Run {
  readonly invocation: Invocation;
  readonly report: Report;
  readonly signal: AbortSignal;
}
