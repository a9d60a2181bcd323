import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../app/core/context.ts';
import { crud } from '../../app/core/crud.ts';
import { model } from '../../app/core/model.ts';
import { deliveryJob, deliveryKind, subscriptionsOf } from '../../app/events/delivery.ts';
import { eventJobs } from '../../app/events/jobs.ts';
import { outboxKind } from '../../app/events/outbox.ts';
import { jobsOf } from '../../app/jobs/queue.ts';
import { startWorker } from '../../app/jobs/worker.ts';
import { createOutbound } from '../../app/ops/outbound.ts';
import type { Stop } from '../../app/ops/process.ts';
import { signatureOf } from '../../app/ops/signature.ts';
import { webhookSubscriptions } from '../../app/services/webhook-subscriptions.ts';
import { useApp } from '../support/app.ts';
import { perform, waitFor } from '../support/jobs.ts';

/** Documents that only these tests have. */
const sample = model({
  name: 'eventSample',
  plural: 'eventSamples',
  path: '/event-samples',
  collection: 'event_samples',
  fields: {
    title: { type: 'string', required: true },
    hidden: { type: 'string', private: true },
  },
});

interface Message {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const secret = 'a secret of the tests, 32 bytes or more';
const app = useApp({ JOB_RETRY_MS: '1' });
const received = new Map<string, Message[]>();
const workers: Stop[] = [];
let server: Server;

/** Receivers by path; any other answers 200. */
const answers: Record<string, RequestListener> = {
  '/gone': (_req, res) => res.writeHead(410).end(),
  '/away': (_req, res) => res.writeHead(302, { location: '/here' }).end(),
  '/silent': () => undefined,
  '/endless': (_req, res) => {
    const pour = () => {
      while (res.write('x'.repeat(10_000)));
    };
    res.on('drain', pour);
    pour();
  },
  '/third-time': (_req, res) => {
    const tries = received.get('/third-time')?.length ?? 0;
    res.writeHead(tries < 3 ? 500 : 204).end();
  },
};

beforeAll(async () => {
  server = createServer((req, res) => {
    void req.toArray().then((chunks: Buffer[]) => {
      const path = req.url ?? '';
      const message = { headers: req.headers, body: Buffer.concat(chunks).toString() };
      received.set(path, [...(received.get(path) ?? []), message]);
      const answer = answers[path];
      if (answer) answer(req, res);
      else res.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((stop) => stop()));
  await subscriptionsOf(app.context).deleteMany({});
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const urlOf = (path: string) =>
  `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`;
const subscribe = async (path: string, more: object = {}) => {
  const answer = await app.api.post('/api/webhooks', { url: urlOf(path), secret, ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.item;
};
const service = (context: Context = app.context) => crud(context, sample);
const work = () => workers.push(startWorker(app.context, new Map(eventJobs)));

/** The deliveries of a subscription, once they are over and there are so many. */
const deliveries = async (subscription: string, count: number) => {
  const jobs = jobsOf(app.context);
  for (;;) {
    const found = await jobs
      .find({ kind: deliveryKind, 'input.subscription': subscription })
      .sort({ _id: 1 })
      .toArray();
    if (found.length >= count)
      return Promise.all(found.map((job) => waitFor(app.context, job, 'done', 'dead')));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const outboxSize = () => jobsOf(app.context).countDocuments({ kind: outboxKind });

describe('what happens to a document', () => {
  it('is told to subscribers: signed, as a CloudEvent, without private fields', async () => {
    const { _id } = await subscribe('/told');
    const samples = service();
    const made = await samples.create({ title: 'one', hidden: 's3cr3t' });
    const id = made._id.toHexString();
    await samples.patch(id, { title: 'two' });
    await samples.patch(id, { title: 'two' }); // changes nothing
    await samples.remove(id);
    work();
    await deliveries(_id, 3);

    const messages = received.get('/told') ?? [];
    const events = messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(events.map(({ type }) => type).sort()).toEqual([
      'eventSample.created',
      'eventSample.deleted',
      'eventSample.updated',
    ]);
    const created = events.find(({ type }) => type === 'eventSample.created');
    expect(created).toMatchObject({
      specversion: '1.0',
      source: '/api/event-samples',
      subject: id,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      datacontenttype: 'application/json',
      data: { _id: id, title: 'one', _rev: 1 },
    });
    for (const { headers, body } of messages) {
      expect(body).not.toContain('s3cr3t');
      expect(headers['content-type']).toContain('application/cloudevents+json');
      const [messageId, time] = [headers['webhook-id'], headers['webhook-timestamp']].map(String);
      expect(JSON.parse(body)).toMatchObject({ id: messageId });
      const right = signatureOf(secret, messageId ?? '', time ?? '', body).toString('base64');
      expect(headers['webhook-signature']).toBe(`v1,${right}`);
    }
  });

  it('C91 is told with the trace of the request that did it, and without one when there was none', async () => {
    const { _id } = await subscribe('/traced');
    const samples = service();
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`;
    const tracestate = 'rojo=1, t61@congo=2';
    const traced = { comment: traceparent, tracestate };
    const id = (await samples.create({ title: 'traced' }, traced))._id.toHexString();
    await samples.createMany([{ title: 'with others' }], traced);
    await samples.patch(id, { title: 'changed' }, traced);
    await samples.remove(id, traced);
    await samples.create({ title: 'untraced' });
    work();
    await deliveries(_id, 5);
    const messages = received.get('/traced') ?? [];
    const traces = messages.map(({ headers }) => headers.traceparent ?? 'none').sort();
    expect(traces).toEqual([...Array<string>(4).fill(traceparent), 'none']);
    const states = messages.map(({ headers }) => headers.tracestate ?? 'none').sort();
    expect(states).toEqual(['none', ...Array<string>(4).fill(tracestate)]);
    const untraced = messages.find(({ body }) => body.includes('untraced'));
    expect(untraced?.headers.traceparent).toBeUndefined();
    expect(untraced?.headers.tracestate).toBeUndefined();
  });

  it('is told of every document of a list', async () => {
    const { _id } = await subscribe('/list');
    await service().createMany([{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
    work();
    await deliveries(_id, 3);
    expect(received.get('/list')).toHaveLength(3);
  });

  it('is told to those who want to know of it, and to no other', async () => {
    const wanted = await subscribe('/wanted');
    const other = await subscribe('/other');
    const off = await subscribe('/off', { enabled: false });
    const set = (id: string, events: string[]) =>
      subscriptionsOf(app.context).updateOne({ url: urlOf(id) }, { $set: { events } });
    await set('/wanted', ['eventSample.*']);
    await set('/other', ['eventSample.deleted', 'another.created']);
    await service().create({ title: 'x' });
    work();
    await deliveries(wanted._id, 1);
    const both = { $in: [other._id, off._id] };
    const more = { kind: deliveryKind, 'input.subscription': both };
    expect(await jobsOf(app.context).countDocuments(more)).toBe(0);
  });

  it('is not told when it was refused, nor stored when it could not be told', async () => {
    const before = await outboxSize();
    await expect(service().create({})).rejects.toMatchObject({ code: 'validation_error' });
    const broken: Context = {
      ...app.context,
      witnesses: [
        ...(app.context.witnesses ?? []),
        () => Promise.reject(new Error('the outbox is full')),
      ],
    };
    await expect(service(broken).create({ title: 'lost' })).rejects.toThrow('the outbox is full');
    const stored = app.context.db.collection(sample.collection);
    expect(await stored.countDocuments({ title: 'lost' })).toBe(0);
    expect(await outboxSize()).toBe(before);
  });
});

describe('a receiver', () => {
  it('E3 that fails is tried again with the same message', async () => {
    const { _id } = await subscribe('/third-time');
    await service().create({ title: 'again' });
    work();
    expect(await deliveries(_id, 1)).toMatchObject([{ state: 'done', attempts: 3 }]);
    const messages = received.get('/third-time') ?? [];
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(messages.map(({ body }) => body)).size).toBe(1);
  });

  it('that answers 410 gets nothing more, until the subscription is enabled again', async () => {
    const { _id } = await subscribe('/gone');
    await service().create({ title: 'first' });
    work();
    expect(await deliveries(_id, 1)).toMatchObject([{ state: 'done', result: { status: 410 } }]);
    const off = await app.api.get(`/api/webhooks/${_id}`);
    expect(off.item).toMatchObject({
      enabled: false,
      reason: expect.stringContaining('410') as string,
    });
    const on = await app.api.patch(`/api/webhooks/${_id}`, { enabled: true });
    expect(on.item).not.toHaveProperty('reason');
  });

  it.each(['/away', '/silent', '/endless'])(
    'E3 like %s holds nothing up for long',
    async (path) => {
      const { _id: subscription } = await subscribe(path);
      const outbound = createOutbound(app.context.config);
      const { run } = deliveryJob(
        () => (url, request) => outbound(url, { ...request, timeoutMs: 300 }),
      );
      const input = { subscription, id: 'one', body: '{}' };
      // An answer of 200 is one, however much of it is left unread.
      if (path === '/endless') await perform(app.context, run, input);
      else await expect(perform(app.context, run, input)).rejects.toThrow();
      expect(received.has('/here')).toBe(false);
    },
  );

  it('E8 in the network of this process is not called in production', async () => {
    const { _id: subscription } = await subscribe('/inside');
    const { run } = deliveryJob(() => createOutbound({ debug: false }));
    const input = { subscription, id: 'one', body: '{}' };
    await expect(perform(app.context, run, input)).rejects.toMatchObject({ name: 'Hopeless' });
    expect(received.has('/inside')).toBe(false);
  });
});

describe('/api/webhooks', () => {
  it('refuses events that do not exist, and in production addresses that are not for it', async () => {
    const unknown = await app.api.post('/api/webhooks', {
      url: urlOf('/'),
      secret,
      events: ['*', 'nothing.created'],
    });
    expect(unknown.problem.errors).toMatchObject([{ pointer: '#/events/1' }]);
    const production = { ...app.context, config: { ...app.context.config, debug: false } };
    for (const url of ['http://example.com/', 'https://10.0.0.1/', 'https://[::1]/'])
      await expect(
        webhookSubscriptions(production).create({ url, secret }),
        url,
      ).rejects.toMatchObject({ code: 'validation_error' });
  });

  it('shows the deliveries of a subscription, and sends one again', async () => {
    const { _id } = await subscribe('/replayed');
    const other = await subscribe('/replayed-other');
    await service().create({ title: 'replayed' });
    work();
    await deliveries(_id, 1);
    const shown = await app.api.get(`/api/webhooks/${_id}/deliveries?state=done`);
    const [delivery] = shown.list.data;
    expect(shown.list.data).toHaveLength(1);
    const path = `deliveries/${delivery?._id ?? ''}/replay`;
    expect((await app.api.post(`/api/webhooks/${other._id}/${path}`, {})).status).toBe(404);
    const again = await app.api.post(`/api/webhooks/${_id}/${path}`, {});
    expect(again.status, again.text).toBe(202);
    await deliveries(_id, 1);
    const ids = received.get('/replayed')?.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is told to nobody itself, and answers no secret', async () => {
    const before = await outboxSize();
    const { _id } = await subscribe('/self');
    expect((await app.api.get(`/api/webhooks/${_id}`)).text).not.toContain(secret);
    expect(await outboxSize()).toBe(before);
  });
});
