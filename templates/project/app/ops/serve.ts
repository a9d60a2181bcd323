import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Limits of the socket side. A client gets 10 s for its headers and 30 s for all of its request, looked after every
 * 2 s (408); 16 kB of headers (431). Idle connections are kept longer than a load balancer keeps them (60 s), so
 * that it is never us who closes one that is about to be used.
 */
const options = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};

const isTaken = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/**
 * Listens on `port` (0 = any).
 *
 * @param onTaken in development: told that a port is taken, before the next one is tried
 * @throws the error of `listen`, for a taken port too when `onTaken` is not given
 */
export const serve = async (
  listener: RequestListener,
  host: string,
  port: number,
  onTaken?: (port: number) => void,
): Promise<Server> => {
  const server = createServer(options, listener);
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (onTaken === undefined || !isTaken(error) || port === 65_535) throw error;
    onTaken(port);
    return serve(listener, host, port + 1, onTaken);
  }
};

/** Where a server listens, as people type it. */
export const addressOf = (server: Server): string => {
  const { address, port, family } = server.address() as AddressInfo;
  const anyAddress = address === '0.0.0.0' || address === '::';
  const host = anyAddress ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${String(port)}`;
};
