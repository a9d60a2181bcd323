import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import type { AppContext } from '../context.ts';
import { locals } from '../core/context.ts';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';
import { continueTrace, passedOn } from './trace.ts';

const acceptable = /^[\w-]{8,64}$/;

/** nginx's word for "the client left before the answer"; only in log and metrics, nobody receives it. */
const clientLeft = 499;

/** The caller's id when it is harmless in a log, else a new one. */
const requestId = (given: string | string[] | undefined) =>
  typeof given === 'string' && acceptable.test(given) ? given : randomUUID();

/** The template a request matched, never its path: `/api/products/:id`. */
const routeOf = (req: Request, route: string | undefined, status: number) => {
  if (route !== undefined) return route;
  const matched = (req.route as { path?: unknown } | undefined)?.path;
  if (typeof matched === 'string') return req.baseUrl + (matched === '/' ? '' : matched) || '/';
  return status < 400 ? 'file' : 'unmatched';
};

/**
 * First in the chain: gives the request its id and, when the answer is out, writes one log line and one
 * observation. The query string is not logged: it may hold what a client should not have sent that way.
 */
export const observeRequests = (
  context: AppContext,
  metrics: Metrics,
  health: Health,
): RequestHandler => {
  // Only the scalars below are logged, so that nothing is left for redaction to look at.
  const log = context.log.child({}, { redact: [] });
  const behindProxy = context.config.trustProxy !== false;

  return (req, res, next) => {
    const started = performance.now();
    const id = requestId(req.headers['x-request-id']);
    const carried = locals(res);
    carried.requestId = id;
    res.setHeader('X-Request-Id', id);
    const { traceparent: given, tracestate } = req.headers;
    const trace = typeof given === 'string' ? continueTrace(given) : undefined;
    if (trace !== undefined) {
      carried.traceparent = trace.traceparent;
      carried.tracestate = passedOn(typeof tracestate === 'string' ? tracestate : undefined);
      res.setHeader('traceparent', trace.traceparent);
    }
    if (health.draining) res.setHeader('Connection', 'close');
    const path = req.path;
    const ip = behindProxy ? req.ip : req.socket.remoteAddress;
    metrics.requestStarted(req);
    let streams = false;
    carried.streams = () => {
      streams = true;
      const took = performance.now() - started;
      metrics.requestEnded(req, routeOf(req, carried.route, 200), 200, took / 1000);
    };

    res.once('close', () => {
      const took = performance.now() - started;
      // With a code it is us who cut it off.
      const unfinished = carried.code === undefined ? clientLeft : 500;
      const status = res.writableFinished ? res.statusCode : unfinished;
      const route = routeOf(req, carried.route, status);
      if (!streams) metrics.requestEnded(req, route, status, took / 1000);
      const line = {
        requestId: id,
        traceId: trace?.traceId,
        spanId: trace?.spanId,
        method: req.method,
        path: path.length > 512 ? path.slice(0, 512) : path,
        route,
        status,
        code: carried.code,
        ms: Math.round(took * 10) / 10,
        ip,
      };
      const quiet = res.locals.quiet === true;
      // A probe that says no is no failure: it is asked again and again.
      if (status >= 500 && !quiet) metrics.failures.emit('failure', line);
      if (quiet && status < 500) log.debug(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
};
