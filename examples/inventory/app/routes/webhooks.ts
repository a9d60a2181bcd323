import { isUtf8 } from 'node:buffer';
import express, { Router, type Request, type RequestHandler } from 'express';
import type { AppContext } from '../context.ts';
import { locals } from '../core/context.ts';
import { problem } from '../core/problems.ts';
import { enqueue } from '../jobs/queue.ts';
import type { Site } from '../site.ts';
import { webhooks } from '../webhooks/index.ts';
import { verify } from '../webhooks/verify.ts';
import { kindOf, type Received, type Webhook } from '../webhooks/webhook.ts';

/** A 401 names how to show who one is (RFC 9110 11.6.1); both schemes sign that way. */
const headers = { 'WWW-Authenticate': 'HMAC-SHA256' };

/** The body as it came: a signature is over bytes. */
const bytesOf = (req: Request): Buffer => {
  const body: unknown = req.body;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
};

/** The body as text, when it is JSON; looked at only after its signature was. */
const textOf = (req: Request, bytes: Buffer): string => {
  if (!req.is(['json', '+json'])) throw problem('not_json');
  const text = bytes.toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw problem('invalid_json');
  }
  if (!isUtf8(bytes)) throw problem('invalid_json');
  return text;
};

/** 202 at once; the work is a job. A delivery that is known already makes none, unless its job is dead. */
const receive = (context: AppContext, webhook: Webhook): RequestHandler => {
  const secret = webhook.secret(context.config.variables);
  if (secret === undefined) {
    context.log.warn({ webhook: webhook.name }, 'no secret is set: every delivery is refused');
  }
  return async (req, res) => {
    const bytes = bytesOf(req);
    const id =
      secret === undefined
        ? undefined
        : verify(webhook.scheme, secret, req.headers, bytes, Date.now());
    if (id === undefined) throw problem('unauthorized', 'The signature is not right', { headers });
    const event = (req.get('x-github-event') ?? '').slice(0, 100);
    const input: Received = { id, event, body: textOf(req, bytes) };
    const { traceparent, tracestate } = locals(res);
    const wanted = { kind: kindOf(webhook), key: id, revive: true, input };
    await enqueue(context, { ...wanted, traceparent, tracestate });
    res.status(202).end();
  };
};

/** What other systems call: POST /webhooks/<name>. */
export const webhookReceivers: Site = (context) => {
  const { bulkBody: limit } = context.config.limits;
  const router = Router({ strict: true, caseSensitive: true });
  for (const webhook of webhooks) {
    router
      .route(`/webhooks/${webhook.name}`)
      // Decompressed bytes would not be those that were signed.
      .post(express.raw({ type: () => true, limit, inflate: false }), receive(context, webhook))
      .all(() => {
        throw problem('method_not_allowed', undefined, { headers: { Allow: 'POST' } });
      });
  }
  return { routes: router };
};
