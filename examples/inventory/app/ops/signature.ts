// Standard Webhooks: how messages between systems are signed (standardwebhooks.com).
import { createHmac } from 'node:crypto';

const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);

/**
 * What proves that a message comes from somebody who knows the secret.
 *
 * @param secret text, or `whsec_` and bytes in base64
 * @param timestamp seconds since 1970, as they stand in the header
 */
export const signatureOf = (
  secret: string,
  id: string,
  timestamp: string,
  body: string | Buffer,
): Buffer =>
  createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();

/**
 * The headers of a message: they tell the receiver that it is ours, when it was sent, and whether it was seen before.
 *
 * @param id of the message; the same whenever it is sent again
 * @param seconds since 1970
 */
export const signedHeaders = (
  secret: string,
  id: string,
  seconds: number,
  body: string | Buffer,
): Record<string, string> => {
  const timestamp = String(seconds);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(secret, id, timestamp, body).toString('base64')}`,
  };
};
