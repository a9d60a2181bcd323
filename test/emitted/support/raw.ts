/** Requests byte by byte, for what no HTTP client would send. */
import { connect } from 'node:net';

/**
 * Sends bytes and collects what comes back until the server closes or `waitMs` have gone by in silence.
 *
 * @returns the answer as it came, and whether the server closed the connection
 */
export function raw(
  url: string,
  bytes: string | Uint8Array,
  waitMs = 500,
): Promise<{ text: string; closed: boolean; status: number }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    const done = (closed: boolean) => {
      socket.destroy();
      resolve({ text, closed, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0) });
    };
    let timer = setTimeout(done, waitMs, false);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(done, waitMs, false);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      done(true);
    });
    socket.write(bytes);
  });
}

/** The lines of a request, joined as HTTP wants them, with an empty body. */
export const lines = (...rows: string[]): string => `${rows.join('\r\n')}\r\n\r\n`;
