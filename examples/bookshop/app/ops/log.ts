import pino, { type Logger } from 'pino';
import type { Config } from '../../config.ts';

const secretNames = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token'];

/** The value of a unique key that was taken: part of the server's message, and possibly a private field. */
const duplicateKey = /\s*dup key: \{.*?(?=\n\s+at |$)/gs;

/** What of an error goes to the log: never its other properties, where the driver keeps whole documents. */
const describeError = (error: unknown): unknown => {
  if (typeof error !== 'object' || error === null) return { message: String(error) };
  const { name, type = name, code, message, stack, cause } = error as Record<string, unknown>;
  const clean = (text: unknown) =>
    typeof text === 'string' ? text.replace(duplicateKey, '') : undefined;
  return {
    type,
    code,
    message: clean(message),
    stack: clean(stack),
    cause: cause === undefined ? undefined : describeError(cause),
  };
};

/** `authorization`, `x.authorization` and `x.y.authorization`, in the notation of pino's `redact`. */
const redactedPaths = (names: readonly string[]) =>
  names.flatMap((name) => {
    const key = `[${JSON.stringify(name)}]`;
    return [key, `*${key}`, `*.*${key}`];
  });

/** The members of a line that `readable` puts in their place, or leaves out. */
interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly err?: { readonly stack?: string };
  readonly requestId?: string;
  readonly ip?: string;
  readonly route?: string;
}

/** Development on a terminal: `12:00:00 info  GET /api/products 200 3 ms` instead of JSON. */
const readable = {
  write(line: string) {
    const { level, time, msg, method, path, status, ms, err, requestId, ip, route, ...more } =
      JSON.parse(line) as Line;
    const words = [
      time.slice(11, 19),
      level.padEnd(5),
      ...(method === undefined ? [msg] : [method, path, status, ms, 'ms']),
      ...Object.entries(more).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
    ];
    process.stdout.write(`${words.join(' ')}\n${err?.stack === undefined ? '' : `${err.stack}\n`}`);
  },
};

/** Lines that nobody reads wait in memory up to so many bytes; what comes then is lost, and counted. */
const mostWaiting = 16_000_000;

/** Where lines go: standard output, buffered by the kernel's pipe and never blocking a request. */
function standardOutput() {
  const output = pino.destination({ dest: 1, sync: false, maxLength: mostWaiting });
  let lost = 0;
  output.on('drop', () => (lost += 1));
  output.on('drain', () => {
    if (lost === 0) return;
    const line = { level: 'warn', time: new Date().toISOString(), lost, msg: 'log lines lost' };
    lost = 0;
    output.write(`${JSON.stringify(line)}\n`);
  });
  return output;
}

/**
 * The log: one JSON object a line, times in UTC.
 *
 * @param hidden names of fields whose values never appear, beside passwords, tokens and cookies
 */
export const createLogger = (
  config: Pick<Config, 'logLevel' | 'debug'>,
  hidden: readonly string[] = [],
  destination: pino.DestinationStream = config.debug && process.stdout.isTTY
    ? readable
    : standardOutput(),
): Logger =>
  pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: redactedPaths([...secretNames, ...hidden]),
    },
    destination,
  );
