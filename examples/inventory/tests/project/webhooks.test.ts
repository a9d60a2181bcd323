import { describe, expect, it } from 'vitest';
import { jobsOf } from '../../app/jobs/queue.ts';
import { startWorker } from '../../app/jobs/worker.ts';
import { webhooks } from '../../app/webhooks/index.ts';
import { verify } from '../../app/webhooks/verify.ts';
import { kindOf, type Webhook } from '../../app/webhooks/webhook.ts';
import { useApp } from '../support/app.ts';
import { deliveryHeaders } from '../support/deliveries.ts';
import { waitFor } from '../support/jobs.ts';

const app = useApp({ JOB_RETRY_MS: '1' });
const body = '{"ref": "main", "$where": {"a.b": 1}}';

/** What the process under test was given to check with. */
const secretOf = (webhook: Webhook) => webhook.secret(app.context.config.variables) ?? '';

describe.each(webhooks.map((webhook) => [webhook.name, webhook] as const))(
  '%s',
  (name, webhook) => {
    const path = `/webhooks/${name}`;
    const kind = kindOf(webhook);
    const headers = (id: string, text = body, seconds?: number) =>
      deliveryHeaders(webhook.scheme, secretOf(webhook), id, text, seconds);
    const post = (signed: Record<string, string>, text: string | Uint8Array = body) =>
      app.api.request('POST', path, { headers: signed, body: text });
    const jobs = (key: string) => jobsOf(app.context).find({ kind, key }).toArray();

    it('E1 accepts a signed delivery at once, and makes one job of it however often it comes', async () => {
      const signed = headers('first');
      const answers = await Promise.all([post(signed), post(signed), post(signed)]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      expect(await jobs('first')).toMatchObject([{ state: 'waiting', input: { body } }]);
    });

    it('C91 goes on with the trace of the sender', async () => {
      const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
      const trace = { traceparent, tracestate: 'rojo=1' };
      expect((await post({ ...headers('traced'), ...trace })).status).toBe(202);
      const [job] = await jobs('traced');
      expect(job?.traceparent).toMatch(/^00-(ab){16}-/);
      expect(job?.tracestate).toBe('rojo=1');
    });

    it('runs a delivery again that is sent again after its job died', async () => {
      await post(headers('twice'));
      const [job] = await jobs('twice');
      await jobsOf(app.context).updateOne({ kind, key: 'twice' }, { $set: { state: 'dead' } });
      expect((await post(headers('twice'))).status).toBe(202);
      expect(await jobs('twice')).toMatchObject([{ _id: job?._id, state: 'waiting' }]);
    });

    it('shows its function what came, keys that no document can have included', async () => {
      await post({ ...headers('seen'), 'x-github-event': 'push' });
      const [job] = await jobs('seen');
      const seen: unknown[] = [];
      const receive: Webhook['receive'] = (delivery) => {
        seen.push(delivery);
        return Promise.resolve(null);
      };
      const { jobOf } = await import('../../app/webhooks/webhook.ts');
      const stop = startWorker(app.context, new Map([[kind, jobOf({ ...webhook, receive })]]));
      if (job) await waitFor(app.context, job, 'done');
      await stop();
      expect(seen).toContainEqual(
        expect.objectContaining({
          id: 'seen',
          event: 'push',
          payload: JSON.parse(body) as unknown,
        }),
      );
    });

    it.each([
      ['no signature', () => ({ 'content-type': 'application/json' }), body],
      ['a signature over other bytes', () => headers('a1', '{}'), body],
      ['white space that was added', () => headers('a2'), body.replace(': ', ':  ')],
      ['a line end that was added', () => headers('a3'), `${body}\n`],
      ['no body', () => headers('a4'), ''],
      ['another secret', () => deliveryHeaders(webhook.scheme, 'x'.repeat(32), 'a5', body), body],
      [
        'another id, where the id is signed',
        () => ({ ...headers('a6'), 'webhook-id': 'a7', 'x-github-delivery': '' }),
        body,
      ],
    ] as const)('E1 E2 refuses %s with 401, and makes no job', async (_, signed, text) => {
      const before = await jobsOf(app.context).countDocuments({ kind });
      const answer = await post(signed(), text);
      expect(answer.status, answer.text).toBe(401);
      expect(answer.problem.code).toBe('unauthorized');
      expect(answer.headers.get('www-authenticate')).toBe('HMAC-SHA256');
      expect(await jobsOf(app.context).countDocuments({ kind })).toBe(before);
    });

    it('says nothing about a body to those who cannot sign', async () => {
      const answer = await post({ 'content-type': 'application/json' }, '{"a":');
      expect(answer.status).toBe(401);
      const signed = await post(headers('broken', '{"a":'), '{"a":');
      expect(signed.problem.code).toBe('invalid_json');
      const bytes = Buffer.from('{"a":"\xff"}', 'latin1');
      const garbled = deliveryHeaders(webhook.scheme, secretOf(webhook), 'bytes', bytes);
      expect((await post(garbled, bytes)).problem.code).toBe('invalid_json');
      const form = {
        ...headers('form', 'a=1'),
        'content-type': 'application/x-www-form-urlencoded',
      };
      expect((await post(form, 'a=1')).problem.code).toBe('not_json');
    });

    it('takes only POST, and no body without end', async () => {
      const read = await app.api.get(path);
      expect(read.status).toBe(405);
      expect(read.headers.get('allow')).toBe('POST');
      const large = JSON.stringify('x'.repeat(app.context.config.limits.bulkBody));
      expect((await post(headers('large', large), large)).status).toBe(413);
      expect((await post({ ...headers('zip'), 'content-encoding': 'gzip' })).status).toBe(415);
    });
  },
);

it('does not know other names', async () => {
  expect((await app.api.post('/webhooks/no-such-webhook', {})).status).toBe(404);
});

describe('signatures of Standard Webhooks', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const now = Date.UTC(2030, 0, 1);
  const at = (seconds: number) =>
    deliveryHeaders('standard', secret, 'msg_1', body, now / 1000 + seconds);
  const check = (headers: Record<string, string>, text = body) =>
    verify('standard', secret, headers, Buffer.from(text), now);

  it('hold five minutes, either way', () => {
    for (const seconds of [-300, 0, 300]) expect(check(at(seconds)), String(seconds)).toBe('msg_1');
    for (const seconds of [-301, 301]) expect(check(at(seconds)), String(seconds)).toBeUndefined();
  });

  it('are over the time too', () => {
    expect(check({ ...at(-301), 'webhook-timestamp': String(now / 1000) })).toBeUndefined();
    for (const timestamp of ['', '1e9', '-1', 'now', ' 1893456000'])
      expect(check({ ...at(0), 'webhook-timestamp': timestamp }), timestamp).toBeUndefined();
  });

  it('may be several, of which one must be right', () => {
    const right = at(0)['webhook-signature'] ?? '';
    const wrong = `v1,${Buffer.alloc(32, 1).toString('base64')}`;
    const signed = (text: string) => check({ ...at(0), 'webhook-signature': text });
    expect(signed(`${wrong} ${right}`)).toBe('msg_1');
    expect(signed(`v1a,ed25519 ${right}`)).toBe('msg_1');
    expect(signed(`${wrong} ${wrong}`)).toBeUndefined();
    expect(signed(right.slice(0, -2))).toBeUndefined();
    expect(signed(`${`${wrong} `.repeat(10)}${right}`)).toBeUndefined();
  });

  it('match the example of their specification', () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const example = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const text = Buffer.from('{"test": 2432232314}');
    expect(verify('standard', example, headers, text, 1_614_265_330_000)).toBe(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
    );
  });
});

it('signatures of GitHub match the example of its documentation', () => {
  const headers = {
    'x-github-delivery': 'one',
    'x-hub-signature-256':
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  };
  const example = "It's a Secret to Everybody";
  const check = (text: string) => verify('github', example, headers, Buffer.from(text), 0);
  expect(check('Hello, World!')).toBe('one');
  expect(check('Hello, World! ')).toBeUndefined();
});
