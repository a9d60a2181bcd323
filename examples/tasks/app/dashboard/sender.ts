import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { ConfigError } from '../../config.ts';
import type { AppContext } from '../context.ts';
import { AddressRefused, createOutbound } from '../ops/outbound.ts';
import { signedHeaders } from '../ops/signature.ts';

/** Tried again after so many milliseconds. */
const delays = [1_000, 5_000, 25_000];

/**
 * Sends messages to ALERT_WEBHOOK_URL, one after the other, so that "over" never comes before "firing". The receiver
 * knows a message that is sent again by its `webhook-id`.
 *
 * @throws {ConfigError} when there is an address and no secret to sign with
 */
export const createSender = ({ config, log }: AppContext) => {
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = config.variables;
  if (url !== undefined && secret === undefined) {
    throw new ConfigError(['ALERT_WEBHOOK_SECRET is missing: ALERT_WEBHOOK_URL needs it']);
  }
  const outbound = createOutbound(config);
  const stopping = new AbortController();
  const { signal } = stopping;

  const attempt = async (id: string, body: string, traceparent: string) => {
    if (url === undefined || secret === undefined) return;
    const { status } = await outbound(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        traceparent,
        ...signedHeaders(secret, id, Math.floor(Date.now() / 1_000), body),
      },
      body,
    });
    if (status < 200 || status > 299) throw new Error(`The receiver answered ${status}`);
  };

  const deliver = async (id: string, body: string, traceparent: string) => {
    for (const delay of [...delays, undefined]) {
      try {
        await attempt(id, body, traceparent);
        return;
      } catch (err) {
        const last = delay === undefined || err instanceof AddressRefused || signal.aborted;
        log.warn({ err, webhookId: id }, last ? 'alert not delivered' : 'alert not delivered yet');
        if (last) return;
        await wait(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  let queue = Promise.resolve();
  return {
    /**
     * @param type `alert.firing` or `alert.resolved`
     * @param traceparent of the trace that the message begins
     */
    send(type: string, data: object, traceparent: string): void {
      if (url === undefined) return;
      const id = `msg_${randomUUID()}`;
      const timestamp = new Date().toISOString();
      const body = JSON.stringify({ type, timestamp, data: { ...data, host: hostname() } });
      queue = queue.then(() => deliver(id, body, traceparent));
    },
    /** Gives each message that is left one more try. */
    async stop(): Promise<void> {
      stopping.abort();
      await queue;
    },
  };
};
