import { setTimeout as wait } from 'node:timers/promises';
import type { AppContext } from '../context.ts';
import type { Health } from './health.ts';

const lookMs = 1_000;

/**
 * Looks during which a heartbeat may stay without its end: the driver gives 2 s each to connect and to be answered,
 * and 12 s where the server may wait with its answer. They are counted instead of timed, so that a process that was
 * blocked does not take its own pause for a lost database.
 */
const looksFor = { answered: 5, awaited: 13 };

/**
 * Connects anew when the driver has stopped looking for its server. A heartbeat whose connection breaks while it is
 * being sent never ends (driver 7.9), and no other follows: the process would not find its database again, however
 * long that is back.
 */
export const reconnectWhenLost = ({ client, log }: AppContext, health: Health): void => {
  const left = new Map<string, number>();
  const over = ({ connectionId }: { readonly connectionId: string }) => left.delete(connectionId);
  client.on('serverHeartbeatStarted', ({ connectionId, awaited }) => {
    left.set(connectionId, awaited ? looksFor.awaited : looksFor.answered);
  });
  client.on('serverHeartbeatSucceeded', over).on('serverHeartbeatFailed', over);
  client.on('serverClosed', ({ address }) => left.delete(address));

  const reconnect = async () => {
    log.warn({}, 'the driver has stopped looking for the database: connecting anew');
    await client.close();
    while (!health.draining) {
      try {
        await client.connect();
        return;
      } catch {
        await wait(lookMs);
      }
    }
  };

  let reconnecting = false;
  setInterval(() => {
    if (reconnecting) return;
    for (const [address, looks] of left) left.set(address, looks - 1);
    if (![...left.values()].some((looks) => looks < 0)) return;
    reconnecting = true;
    left.clear();
    void reconnect().finally(() => (reconnecting = false));
  }, lookMs).unref();
};
