import { UserError } from '../errors.ts';

/** One thing the doctor looked at. */
export interface Check {
  readonly ok: boolean;
  /** What was found, in one line. */
  readonly what: string;
  /** What to do about it. */
  readonly do?: string;
}

/** The check of something that could not even be looked at. */
export function failed(what: string, error: unknown): Check {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.startsWith(what) ? message : `${what}: ${message}`;
  const hint = error instanceof UserError ? error.hint : undefined;
  return { ok: false, what: line, ...(hint !== undefined && { do: hint }) };
}

/** The first few of many. */
export function listed(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(', ');
  return files.length > 5 ? `${shown} and ${files.length - 5} more` : shown;
}
