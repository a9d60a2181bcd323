import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';

import type { Doc } from '../values/bson.ts';
import type { Connection } from '../commands/command.ts';
import type { Engine } from '../engine.ts';
import { errorAnswer } from '../engine.ts';
import { encodeReply, frameReply, Framing, readMessage } from './wire.ts';

/** Messages a client may have waiting before its socket is paused. */
const MAX_QUEUED = 64;

/** One client: reads its messages and answers them one after the other. */
class Client implements Connection {
  readonly id: number;
  readonly peer: string;
  client?: Doc;
  private readonly socket: Socket;
  private readonly engine: Engine;
  private readonly framing = new Framing();
  private readonly queue: Buffer[] = [];
  private busy = false;

  constructor(socket: Socket, engine: Engine, id: number) {
    this.socket = socket;
    this.engine = engine;
    this.id = id;
    this.peer = socket.remoteAddress ? `${socket.remoteAddress}:${socket.remotePort}` : 'unix';
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.receive(chunk));
    socket.on('error', () => socket.destroy());
  }

  private receive(chunk: Buffer): void {
    try {
      for (const message of this.framing.push(chunk)) this.queue.push(message);
    } catch {
      this.socket.destroy();
      return;
    }
    if (this.queue.length > MAX_QUEUED) this.socket.pause();
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let bytes = this.queue.shift(); bytes; bytes = this.queue.shift()) {
      if (this.socket.destroyed) break;
      await this.answer(bytes);
      if (this.queue.length === 0) this.socket.resume();
    }
    this.busy = false;
  }

  /** Runs one message. One that cannot be read ends the connection. */
  private async answer(bytes: Buffer): Promise<void> {
    try {
      const message = readMessage(bytes);
      const answer = await this.engine.run(message, this);
      if (answer === 'close') {
        this.socket.destroy();
        return;
      }
      if (message.silent) return;
      for (const part of frameReply(message, this.encode(answer))) this.socket.write(part);
      // The next message waits until this client has read: its answers do not pile up here.
      if (this.socket.writableNeedDrain) await this.drained();
    } catch {
      this.socket.destroy();
    }
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.socket.off('drain', done).off('close', done);
        resolve();
      };
      this.socket.on('drain', done).on('close', done);
    });
  }

  private encode(answer: Doc): Buffer {
    try {
      return encodeReply(answer);
    } catch (error) {
      return encodeReply(errorAnswer(error));
    }
  }
}

/** Listens on the loopback interface or on a unix socket that only its owner can open, nowhere else. */
export class Listener {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private lastId = 0;

  constructor(engine: Engine) {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      engine.connections++;
      socket.on('close', () => {
        this.sockets.delete(socket);
        engine.connections--;
      });
      new Client(socket, engine, ++this.lastId);
    });
  }

  /** @returns the port, 0 for a socket @throws the error of the system, such as EADDRINUSE */
  listen(at: { port: number } | { socket: string }): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      const listening = () => {
        this.server.off('error', reject);
        const address = this.server.address();
        if ('socket' in at) chmodSync(at.socket, 0o600);
        resolve(typeof address === 'object' && address ? address.port : 0);
      };
      if ('socket' in at) {
        // The mode is right from the start: nobody else can connect before the chmod.
        const mask = process.umask(0o177);
        try {
          this.server.listen(at.socket, listening);
        } finally {
          process.umask(mask);
        }
      } else this.server.listen(at.port, '127.0.0.1', listening);
    });
  }

  /** Stops listening and cuts all connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }
}
