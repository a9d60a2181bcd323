// Generated from src/embedded-mongo of create-flask-style-api: do not edit.
// A small server that speaks MongoDB’s wire protocol, for development and tests only. Never use it in production.
// Delete this file and set MONGODB_URI to work with a real MongoDB instead.
// sha256 of what follows: c528424bb79f91a0a45cb2d477cd6b41babdbdeebbf6f87bad70d893a135f3f0
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
/**
 * Starts the embedded development database: a small server that speaks MongoDB's wire protocol on the loopback interface.
 * @throws Error with NODE_ENV=production, with MONGODB_URI set, or when the directory is in use by another server
 */
export declare function start(options?: StartOptions): Promise<EmbeddedMongo>;
