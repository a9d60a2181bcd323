const held: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);
const tries = 9;

/**
 * Calls again while Windows says that somebody (a virus scanner, an editor) holds the file: after 5, 10, 20 ms and so on,
 * about 2.5 s in all. Elsewhere these errors mean what they say.
 */
export function patiently<T>(platform: NodeJS.Platform, call: () => T): T {
  for (let done = 0; ; done++) {
    try {
      return call();
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (platform !== 'win32' || done === tries || !held.has(code)) throw error;
      pause(5 * 2 ** done);
    }
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
