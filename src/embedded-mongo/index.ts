import { Engine } from './engine.ts';
import { Journal } from './storage/journal.ts';
import { Listener } from './server/server.ts';
import { SET_NAME } from './commands/diagnostics.ts';

/** How to start the server. */
export interface StartOptions {
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  port?: number;
  /** Path of a unix socket to listen on instead of a port. */
  socket?: string;
  /** Directory that keeps the data; without it they live in memory alone. */
  dir?: string;
  /** When the journal is forced to disk: every 100 ms (default), before each answer to a write, or never. */
  fsync?: 'interval' | 'always' | 'never';
  /** Whether the test command `configureFailPoint` works. */
  failPoints?: boolean;
  /** Most bytes of documents to hold in memory; 512 MB by default. */
  maxBytes?: number;
  /** Seconds between two looks for expired documents; 60 by default. */
  ttlSeconds?: number;
  /** Takes notices such as a repaired journal; `process.emitWarning` by default. */
  warn?: (message: string) => void;
}

/** A running server. */
export interface EmbeddedMongo {
  /** Connection string for the driver. */
  uri: string;
  /** 0 on a unix socket. */
  port: number;
  /** Closes all connections and, with a directory, the journal. */
  stop(): Promise<void>;
  /** Drops all data: much faster than a new server. */
  reset(): Promise<void>;
}

function refuseOutsideDevelopment(): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'The embedded development database does not start with NODE_ENV=production. Set MONGODB_URI to a real MongoDB.',
    );
  }
  if (process.env['MONGODB_URI']) {
    throw new Error(
      'MONGODB_URI is set, so the embedded development database does not start. Unset it to use the embedded one.',
    );
  }
}

/**
 * Starts the embedded development database: a small server that speaks MongoDB's wire protocol on the loopback interface.
 * @throws Error with NODE_ENV=production, with MONGODB_URI set, or when the directory is in use by another server
 */
export async function start(options: StartOptions = {}): Promise<EmbeddedMongo> {
  refuseOutsideDevelopment();
  const engine = new Engine({
    failPoints: options.failPoints ?? false,
    maxBytes: options.maxBytes ?? 512 * 1024 * 1024,
    ttlSeconds: options.ttlSeconds ?? 60,
  });
  const listener = new Listener(engine);
  try {
    if (options.dir !== undefined) {
      const warn = options.warn ?? ((message: string) => process.emitWarning(message));
      engine.journal = Journal.open(engine.store, options.dir, options.fsync ?? 'interval', warn);
    }
    const { socket } = options;
    const port = await listener.listen(
      socket === undefined ? { port: options.port ?? 0 } : { socket },
    );
    engine.address = socket ?? `127.0.0.1:${port}`;
    const uri =
      socket === undefined
        ? `mongodb://127.0.0.1:${port}/?replicaSet=${SET_NAME}`
        : `mongodb://${encodeURIComponent(socket)}/?directConnection=true`;
    return {
      uri,
      port,
      async stop() {
        engine.close();
        await listener.close();
        await engine.journal?.close();
      },
      async reset() {
        engine.reset();
        await engine.journal?.durable();
      },
    };
  } catch (error) {
    engine.close();
    await engine.journal?.close();
    throw error;
  }
}
