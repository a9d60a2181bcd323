import { exit, UserError } from '../errors.ts';

const colours = {
  create: 32,
  identical: 90,
  update: 33,
  delete: 31,
  keep: 90,
  conflict: 31,
  error: 31,
} as const;

/** The status words, as in Rails. */
type Status = Exclude<keyof typeof colours, 'error'>;

/** The streams of a run; `plain` is without colour and motion even on a terminal. */
export interface Streams {
  readonly input: { readonly isTTY?: boolean };
  readonly out: { readonly isTTY?: boolean; write(text: string | Uint8Array): unknown };
  readonly err: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly plain: boolean;
}

/**
 * The only printer. With `--json` the lines for people are silent and `document` prints the one
 * document; otherwise the other way round. Control characters of user text are shown escaped.
 */
export interface Report {
  /** Whether there is somebody to ask. */
  readonly interactive: boolean;
  line(text: string): void;
  status(status: Status, path: string): void;
  /** A line about a text that is the output itself, in a form that who reads it passes over. */
  remark(text: string): void;
  /** Text that is the output itself (help, a patch, a script): as it is. */
  raw(text: string | Uint8Array): void;
  document(value: unknown): void;
  /** A passing line, on a terminal only; the next output takes its place. */
  progress(text: string): void;
  /** Takes the passing line away. */
  settle(): void;
  /** Prints an error in one line (its stack with `debug`) and returns its exit code. */
  failure(error: unknown, debug: boolean): number;
}

function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The report of one run. */
export function createReport({ input, out, err, plain }: Streams, json: boolean): Report {
  const tint = (stream: Streams['out'], colour: number, text: string) =>
    stream.isTTY === true && !plain ? `\x1B[${colour}m${text}\x1B[0m` : text;
  const moves = err.isTTY === true && !plain;
  let unsettled = false;
  const settle = () => {
    if (unsettled) err.write('\r\x1B[K');
    unsettled = false;
  };
  return {
    interactive: input.isTTY === true && out.isTTY === true && !json,
    line(text) {
      settle();
      if (!json) out.write(`${text.split('\n').map(printable).join('\n')}\n`);
    },
    status(status, path) {
      settle();
      if (!json)
        out.write(`${tint(out, colours[status], status.padStart(9))}  ${printable(path)}\n`);
    },
    remark(text) {
      settle();
      if (!json) out.write(`# ${printable(text)}\n`);
    },
    raw: (text) => void out.write(text),
    document(value) {
      if (json) out.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    progress(text) {
      if (!moves || json) return;
      err.write(`\r\x1B[K${printable(text).slice(0, 100)}`);
      unsettled = true;
    },
    settle,
    failure(error, debug) {
      settle();
      const known = error instanceof UserError ? error : undefined;
      const code = known?.code ?? exit.bug;
      const message = known?.message ?? (error instanceof Error ? error.message : String(error));
      const hint =
        known === undefined
          ? 'this is a bug: please report it with the output of --debug'
          : known.hint;
      if (json)
        out.write(
          `${JSON.stringify({ error: { code, message, ...(hint !== undefined && { hint }) } }, null, 2)}\n`,
        );
      else
        err.write(
          `${tint(err, colours.error, 'error')}: ${printable(message)}${hint === undefined ? '' : ` (${printable(hint)})`}\n`,
        );
      if (debug && error instanceof Error)
        err.write(`${printable(error.stack ?? '').replaceAll('\\u{a}', '\n')}\n`);
      return code;
    },
  };
}
