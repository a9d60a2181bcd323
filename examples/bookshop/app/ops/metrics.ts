import { EventEmitter } from 'node:events';
import type { Request, RequestHandler } from 'express';
import type { MongoClient } from 'mongodb';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { withBody } from '../core/body.ts';
import { eventLoopDelay } from './overload.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']);
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Whether nothing is done for it before its body is there; a body that came with GET is not read. */
const waitsForBody = ({ method, headers }: Request): boolean =>
  withBody.has(method) &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);

/** An answer that says "our fault". */
export interface Failure {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Of its problem document. */
  readonly code?: string | undefined;
  readonly requestId: string;
}

/**
 * The four golden signals in the form Prometheus reads: latency, traffic and errors of requests by route template,
 * saturation as requests in flight, connection pool and event-loop lag. No label ever holds an id, a path or a user,
 * so the number of series is bounded by the number of routes.
 */
export const createMetrics = (client: MongoClient) => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers,
  });
  let running = 0;
  /** Of the running ones, those that wait for the rest of their body. */
  const arriving = new Set<Request>();
  const inFlight = () => running - arriving.size;
  new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests being answered',
    registers,
    collect() {
      this.set(inFlight());
    },
  });
  new Gauge({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late timers are: what overload is judged by',
    registers,
    collect() {
      this.set(eventLoopDelay() / 1_000);
    },
  });
  watchCommands(client, registers);
  watchPool(client, registers);

  return {
    registry,
    /** Told of each failure when its answer is out. */
    failures: new EventEmitter<{ failure: [Failure] }>(),
    /** Requests that are worked on: one whose client has yet to send the rest of its body costs no more than a socket. */
    inFlight,
    requestStarted: (req: Request) => {
      running += 1;
      if (!waitsForBody(req)) return;
      arriving.add(req);
      req.once('end', () => arriving.delete(req));
    },
    /** @param took seconds */
    requestEnded: (req: Request, route: string, status: number, took: number) => {
      running -= 1;
      arriving.delete(req);
      const method = methods.has(req.method) ? req.method : 'other';
      duration.observe({ method, route, status }, took);
    },
  };
};

export type Metrics = ReturnType<typeof createMetrics>;

/** Answers with all numbers in Prometheus's text form. */
export const exposition =
  ({ registry }: Metrics): RequestHandler =>
  async (_req, res) => {
    res.locals.quiet = true;
    res.type(registry.contentType).send(await registry.metrics());
  };

/**
 * A connection carries one command at a time, so a command takes from its check-out to its check-in. The driver tells
 * the names of commands only when it decodes every reply once more, which lists pay for: `?monitorCommands=true` in the
 * connection string asks for that.
 */
const watchCommands = (client: MongoClient, registers: Registry[]) => {
  const duration = new Histogram({
    name: 'mongodb_command_duration_seconds',
    help: 'Time a database command took',
    labelNames: ['command', 'outcome'],
    buckets: seconds,
    registers,
  });
  if (client.options.monitorCommands) {
    client.on('commandSucceeded', ({ commandName, duration: ms }) => {
      duration.observe({ command: commandName, outcome: 'success' }, ms / 1000);
    });
    client.on('commandFailed', ({ commandName, duration: ms }) => {
      duration.observe({ command: commandName, outcome: 'failure' }, ms / 1000);
    });
    return;
  }
  const started = new Map<string, number>();
  client.on('connectionCheckedOut', ({ address, connectionId }) => {
    started.set(`${address} ${connectionId}`, performance.now());
  });
  client.on('connectionCheckedIn', ({ address, connectionId }) => {
    const connection = `${address} ${connectionId}`;
    const since = started.get(connection);
    started.delete(connection);
    if (since !== undefined) {
      duration.observe({ command: 'any' }, (performance.now() - since) / 1000);
    }
  });
};

const watchPool = (client: MongoClient, registers: Registry[]) => {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const open = gauge('mongodb_pool_connections', 'Connections to the database');
  const used = gauge(
    'mongodb_pool_connections_in_use',
    'Connections to the database that carry an operation',
  );
  const waiting = gauge('mongodb_pool_waiting', 'Operations that wait for a connection');
  const failed = new Counter({
    name: 'mongodb_pool_checkout_failures_total',
    help: 'Operations that got no connection',
    registers,
  });
  const closed = new Counter({
    name: 'mongodb_pool_closed_total',
    help: 'Connections to the database that were closed: error, stale, idle or poolClosed',
    labelNames: ['reason'],
    registers,
  });
  client.on('connectionCreated', () => {
    open.inc();
  });
  client.on('connectionClosed', ({ reason }) => {
    open.dec();
    closed.inc({ reason });
  });
  client.on('connectionCheckOutStarted', () => {
    waiting.inc();
  });
  client.on('connectionCheckedOut', () => {
    waiting.dec();
    used.inc();
  });
  client.on('connectionCheckedIn', () => {
    used.dec();
  });
  client.on('connectionCheckOutFailed', () => {
    waiting.dec();
    failed.inc();
  });
};
