import fs from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

/** A disk on which the calls of the writer can be counted and made to fail. */
export interface Disk {
  /** Calls so far. */
  readonly calls: number;
  restore(): void;
}

type Anything = (...args: never[]) => unknown;
type Functions = Record<string, Anything>;

const require = createRequire(import.meta.url);
// fs-extra goes through its own copy of the functions of fs.
const graceful = createRequire(require.resolve('fs-extra'))('graceful-fs') as Functions;

const asynchronous = ['lstat', 'mkdir', 'readFile', 'readdir', 'realpath', 'rename', 'rmdir'];
const synchronous = [
  ...[
    'accessSync',
    'chmodSync',
    'closeSync',
    'copyFileSync',
    'fchmodSync',
    'fstatSync',
    'fsyncSync',
  ],
  ...['linkSync', 'lstatSync', 'mkdirSync', 'openSync', 'readFileSync', 'readdirSync'],
  ...[
    'readlinkSync',
    'realpathSync',
    'renameSync',
    'rmSync',
    'rmdirSync',
    'unlinkSync',
    'writeSync',
  ],
];

/**
 * Puts a disk under the writer on which the nth call fails (from 1).
 *
 * @param then `fails`: that call alone, as a full disk does. `dies`: it and every later one, so that nothing is cleaned up,
 *   as after a kill.
 */
export function faultyDisk(nth: number, then: 'fails' | 'dies'): Disk {
  let calls = 0;
  const failure = (name: string): Error | undefined => {
    calls++;
    const hit = then === 'dies' ? calls >= nth : calls === nth;
    if (!hit) return undefined;
    const fault = { code: 'ENOSPC', syscall: name };
    return Object.assign(new Error(`ENOSPC: no space left on device, ${name}`), fault);
  };
  const undo = [
    ...asynchronous.map((name) =>
      replaced(fs.promises as unknown as Functions, name, (real) => async (...args) => {
        const error = failure(name);
        if (error) throw error;
        return real(...args);
      }),
    ),
    ...synchronous.map((name) =>
      replaced(fs as unknown as Functions, name, (real) => (...args) => {
        const error = failure(name);
        if (error) throw error;
        return real(...args);
      }),
    ),
    ...(
      [
        [graceful, 'rm'],
        [fs as unknown as Functions, 'fsync'],
      ] as const
    ).map(([target, name]) =>
      replaced(target, name, (real) => (...args) => {
        const error = failure(name);
        if (!error) return real(...args);
        const done = args.at(-1) as unknown as (error: Error) => void;
        return done(error);
      }),
    ),
  ];
  syncBuiltinESMExports();
  return {
    get calls() {
      return calls;
    },
    restore() {
      for (const one of undo) one();
      syncBuiltinESMExports();
    },
  };
}

/** Puts a disk under the writer that has no hard links, as FAT. */
export function diskWithoutLinks(): { restore(): void } {
  return answering('linkSync', () => 'EPERM');
}

/**
 * Puts a disk under the writer on which some calls of one function fail.
 *
 * @param code the error for these arguments, if there is to be one
 */
export function answering(
  name: string,
  code: (...args: readonly unknown[]) => string | undefined,
): { restore(): void } {
  const undo = replaced(fs as unknown as Functions, name, (real) => (...args) => {
    const error = code(...args);
    if (error === undefined) return real(...args);
    throw Object.assign(new Error(`${error}: ${name}`), { code: error, syscall: name });
  });
  syncBuiltinESMExports();
  return {
    restore() {
      undo();
      syncBuiltinESMExports();
    },
  };
}

function replaced(target: Functions, name: string, wrap: (real: Anything) => Anything): () => void {
  const real = target[name];
  if (real === undefined) throw new TypeError(`there is no ${name}`);
  target[name] = wrap(real.bind(target) as Anything);
  return () => {
    target[name] = real;
  };
}
