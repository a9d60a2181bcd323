/** The exit codes of the tool, once: each refusal names its kind by one of them. */
export const exit = {
  done: 0,
  usage: 1,
  markers: 2,
  conflict: 3,
  state: 4,
  io: 5,
  post: 6,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/**
 * A refusal for the person at the terminal: one line that says what is wrong, perhaps a second that
 * says what to type instead, and the exit code. Anything else that is thrown is a bug.
 */
export class UserError extends Error {
  override name = 'UserError';
  readonly code: ExitCode;
  readonly hint: string | undefined;

  constructor(code: ExitCode, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
