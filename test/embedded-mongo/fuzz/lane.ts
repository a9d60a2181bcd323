import { connect, type Socket } from 'node:net';
import { command, type Message } from './messages.ts';

const pingId = 0x70696e67;
const ping = command({ ping: 1, $db: 'admin' }, pingId);
const answerTimeMs = 10_000;

/** What became of a message: the server answers the ping after it, or closes the connection. */
export type Fate = 'answered' | 'closed';

/** One connection at a time, kept for as long as the server keeps it. */
export class Lane {
  readonly #port: number;
  #socket: Socket | undefined;
  #received = Buffer.alloc(0);
  #settle: ((fate: Fate) => void) | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a message; rejects when the server neither answers nor closes in time. */
  async send({ bytes, framed }: Message): Promise<Fate> {
    const socket = this.#socket ?? (await this.#connect());
    const fate = new Promise<Fate>((done, fail) => {
      const timer = setTimeout(
        () =>
          fail(
            new Error(`no answer and no close within ${answerTimeMs} ms: ${bytes.toString('hex')}`),
          ),
        answerTimeMs,
      );
      this.#settle = (result) => {
        clearTimeout(timer);
        this.#settle = undefined;
        done(result);
      };
    });
    socket.write(bytes);
    if (framed) socket.write(ping);
    else socket.end();
    return await fate;
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #connect(): Promise<Socket> {
    const socket = connect(this.#port, '127.0.0.1');
    this.#received = Buffer.alloc(0);
    await new Promise<void>((done, fail) => {
      socket.once('connect', done);
      socket.once('error', fail);
    });
    socket.on('data', (chunk) => this.#read(chunk));
    // A reset is a way to close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
      this.#settle?.('closed');
    });
    this.#socket = socket;
    return socket;
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 16) {
      const length = this.#received.readInt32LE(0);
      if (this.#received.length < length) return;
      const answers = this.#received.readInt32LE(8);
      this.#received = this.#received.subarray(length);
      if (answers === pingId) this.#settle?.('answered');
    }
  }
}
