// Whether a request was signed by somebody who knows the secret. Nothing of its body has been looked at by then.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { signatureOf } from '../ops/signature.ts';
import type { Webhook } from './webhook.ts';

/** A message of Standard Webhooks may be as many seconds old, or from the future: it cannot be kept to be used later. */
const toleranceSeconds = 300;

/** More than one secret signs while the sender changes it; more than these nobody needs. */
const mostSignatures = 10;

const isId = (text: string): boolean => /^[\x21-\x7e]{1,255}$/.test(text);

/** In constant time; a SHA-256 has 32 bytes, whatever was sent. */
const isSame = (expected: Buffer, given: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

type Verify = (
  secret: string,
  header: (name: string) => string,
  body: Buffer,
  now: number,
) => string | undefined;

const verifiers: { readonly [Scheme in Webhook['scheme']]: Verify } = {
  github: (secret, header, body) => {
    const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(header('x-hub-signature-256')) ?? [];
    const id = header('x-github-delivery');
    if (hex === undefined || !isId(id)) return undefined;
    const expected = createHmac('sha256', secret).update(body).digest();
    return isSame(expected, Buffer.from(hex, 'hex')) ? id : undefined;
  },
  standard: (secret, header, body, now) => {
    const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')];
    if (!isId(id) || !/^\d{1,12}$/.test(timestamp)) return undefined;
    if (Math.abs(now / 1000 - Number(timestamp)) > toleranceSeconds) return undefined;
    const expected = signatureOf(secret, id, timestamp, body);
    const given = header('webhook-signature').split(' ', mostSignatures);
    const right = given.filter((text) => {
      const [, base64] = /^v1,([\w+/]{43}=)$/.exec(text) ?? [];
      return base64 !== undefined && isSame(expected, Buffer.from(base64, 'base64'));
    });
    return right.length > 0 ? id : undefined;
  },
};

/**
 * The id of a delivery whose signature is right; undefined for any other.
 *
 * @param body the bytes as they came
 * @param now milliseconds since 1970
 */
export const verify = (
  scheme: Webhook['scheme'],
  secret: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: number,
): string | undefined => {
  const header = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  return verifiers[scheme](secret, header, body, now);
};
