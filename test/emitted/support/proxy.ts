/** A TCP proxy in front of the database that can pass, refuse, hang, mute and hold, and counts what goes by. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type Mode = 'pass' | 'refuse' | 'hang' | 'mute' | 'hold';

export interface Proxy {
  readonly port: number;
  /**
   * `refuse` closes what is open and answers nothing; `hang` keeps connections and swallows their bytes; `mute` swallows
   * only what the database says; `hold` keeps the bytes too, and lets them go with `pass`.
   */
  mode: Mode;
  /** How many messages with this command have gone to the database. */
  count(command: string): number;
  stop(): Promise<void>;
}

export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  const held: (() => void)[] = [];
  let mode: Mode = 'pass';

  const server = createServer((client) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client)).on('error', () => undefined);
    if (mode === 'refuse') {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    sockets.add(upstream);
    upstream.on('close', () => {
      sockets.delete(upstream);
      client.destroy();
    });
    upstream.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    client.on('data', (bytes: Buffer) => {
      if (mode === 'hang') return;
      const forward = () => {
        const command = commandOf(bytes);
        counts.set(command, (counts.get(command) ?? 0) + 1);
        upstream.write(bytes);
      };
      if (mode === 'hold') held.push(forward);
      else forward();
    });
    upstream.on('data', (bytes: Buffer) => {
      if (mode !== 'hang' && mode !== 'mute') client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    get mode() {
      return mode;
    },
    set mode(next) {
      mode = next;
      if (next === 'refuse') for (const socket of sockets) socket.destroy();
      if (next === 'pass') for (const forward of held.splice(0)) forward();
    },
    count: (command) => counts.get(command) ?? 0,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const opMsg = 2013;

/** The command of an OP_MSG: the name of the first element of its first section. */
function commandOf(bytes: Buffer): string {
  if (bytes.length < 27 || bytes.readInt32LE(12) !== opMsg) return '';
  const start = 26; // header 16, flags 4, section kind 1, document length 4, element type 1
  return bytes.toString('latin1', start, bytes.indexOf(0, start));
}
