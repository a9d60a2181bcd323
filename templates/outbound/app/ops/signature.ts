import { createHmac } from 'node:crypto';

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);

/**
 * The headers of Standard Webhooks: they tell the receiver that a message is ours, when it was sent, and whether it
 * has seen it before.
 *
 * @param secret text, or `whsec_` and bytes in base64
 * @param id of the message; the same whenever it is sent again
 * @param seconds since 1970
 */
export const signedHeaders = (
  secret: string,
  id: string,
  seconds: number,
  body: string,
): Record<string, string> => {
  const signed = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signed.digest('base64')}`,
  };
};
