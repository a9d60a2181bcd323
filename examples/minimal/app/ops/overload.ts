import type { RequestHandler } from 'express';
import type { AppContext } from '../context.ts';
import { problem } from '../core/problems.ts';
import type { Metrics } from './metrics.ts';

const everyMs = 100;
/** How much of the delay is made up by the latest look: one pause of the garbage collector is no overload. */
const weight = 0.3;

let delay = 0;
let watching = false;

/** How late timers are at the moment, in milliseconds: what a request waits before anybody looks at it. */
export const eventLoopDelay = (): number => {
  if (watching) return delay;
  watching = true;
  let due = performance.now() + everyMs;
  setInterval(() => {
    const now = performance.now();
    delay += weight * (Math.max(0, now - due) - delay);
    due = now + everyMs;
  }, everyMs).unref();
  return delay;
};

/** One for all: a refusal has to cost less than what it saves. */
const busy = problem('unavailable', undefined, { headers: { 'Retry-After': '1' } });

/**
 * Refuses what cannot be answered in time, 503 with `Retry-After`, so that the rest can be: what is above the limit
 * of requests in flight, or comes while the event loop is late. Mounted before what costs something, and not before
 * probes, metrics and files.
 */
export const refuseOverload = ({ config }: AppContext, metrics: Metrics): RequestHandler => {
  const { inFlight, delayMs } = config.overload;
  return (_req, _res, next) => {
    if (metrics.inFlight() > inFlight || eventLoopDelay() > delayMs) {
      next(busy);
    } else next();
  };
};
