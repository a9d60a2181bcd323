import { setTimeout as wait } from 'node:timers/promises';
import type { Response } from 'express';
import type { AppContext } from '../context.ts';
import type { Watch } from '../ops/process.ts';
import { describeAlert } from './alerts.ts';
import { boardOf } from './board.ts';

const tickMs = 2_000;
/** A page that does not read is cut off when this much waits for it. */
const mostBytes = 1_000_000;

const frame = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * Sends the board to those who look at it, as server-sent events: `history` first, then `now` every two seconds. There
 * is a timer only while somebody looks. A process that stops ends the streams, so that they do not hold it up.
 *
 * @param pause what is waited for between two `now`
 */
export const createLive = (
  { log }: Pick<AppContext, 'log'>,
  watch: Watch,
  pause: () => Promise<unknown> = () => wait(tickMs, undefined, { ref: false }),
) => {
  const board = boardOf(watch);
  const { health } = watch;
  const lookers = new Set<Response>();
  let running = false;

  const now = async () =>
    frame('now', {
      reading: await board.read(),
      alerts: board.alerts.map(describeAlert),
      failures: board.failures.toReversed(),
      health: { started: health.started, draining: health.draining },
    });

  const tick = async () => {
    if (health.draining) {
      for (const res of lookers) res.end();
      return;
    }
    const text = await now();
    for (const res of lookers) {
      if (res.writableLength > mostBytes) res.destroy();
      else res.write(text);
    }
  };

  const run = async () => {
    running = true;
    while (lookers.size > 0) {
      await tick().catch((err: unknown) => {
        log.error({ err }, 'the dashboard could not be read');
      });
      await pause();
    }
    running = false;
  };

  /** @param signedIn whether there is a session that can be ended */
  return (res: Response, signedIn: boolean): void => {
    res.set({ 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' });
    res.write(`retry: 2000\n\n${frame('history', { readings: board.history, tickMs, signedIn })}`);
    lookers.add(res);
    res.once('close', () => lookers.delete(res));
    if (!running) void run();
  };
};
