/** Deliveries of webhooks as their senders make them. */
import { createHmac } from 'node:crypto';
import { signedHeaders } from '../../app/ops/signature.ts';
import type { Webhook } from '../../app/webhooks/webhook.ts';

/** The headers of a delivery, signed with that secret, now unless said otherwise. */
export function deliveryHeaders(
  scheme: Webhook['scheme'],
  secret: string,
  id: string,
  body: string | Buffer,
  seconds = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const json = { 'content-type': 'application/json' };
  if (scheme === 'standard') return { ...json, ...signedHeaders(secret, id, seconds, body) };
  const digest = createHmac('sha256', secret).update(body).digest('hex');
  return {
    ...json,
    'x-github-delivery': id,
    'x-github-event': 'push',
    'x-hub-signature-256': `sha256=${digest}`,
  };
}
