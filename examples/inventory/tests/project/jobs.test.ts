import { ObjectId } from 'mongodb';
import { afterEach, describe, expect, it } from 'vitest';
import type { Job, JobKind, Run } from '../../app/jobs/job.ts';
import { claim, leaseMs, pauseMs } from '../../app/jobs/lease.ts';
import { cancel, enqueue, jobsOf, retry } from '../../app/jobs/queue.ts';
import { everyMs, schedule } from '../../app/jobs/schedule.ts';
import { startWorker } from '../../app/jobs/worker.ts';
import type { Stop } from '../../app/ops/process.ts';
import { startApp, useApp } from '../support/app.ts';
import { waitFor } from '../support/jobs.ts';

const app = useApp({ JOB_RETRY_MS: '1', JOB_SLOTS: '2', LOG_LEVEL: 'info' });
const workers: Stop[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((stop) => stop()));
});

let made = 0;
/** A kind of jobs that no other test has. */
const kindOf = (run: JobKind['run'], more: Partial<JobKind> = {}) => {
  made += 1;
  const name = `test-${String(made)}`;
  return { name, kinds: new Map([[name, { attempts: 3, run, ...more }]]) };
};
const work = (kinds: ReadonlyMap<string, JobKind>) => {
  workers.push(startWorker(app.context, kinds));
};
const nature = { now: () => Date.now(), random: () => 0 };
const later = { ...nature, now: () => Date.now() + leaseMs + 1 };

/** A function that runs until it is told to leave, and how to know that it runs. */
const lasting = () => {
  let begin: (run: Run) => void = () => undefined;
  const begun = new Promise<Run>((resolve) => (begin = resolve));
  const run: JobKind['run'] = (given) =>
    new Promise((_resolve, reject) => {
      given.signal.addEventListener('abort', () => reject(new Error('told to leave')));
      begin(given);
    });
  return { run, begun };
};

describe('a job', () => {
  it('is run once, with its input, and shows its log, progress and result', async () => {
    let runs = 0;
    const { name, kinds } = kindOf(async ({ input, log, progress }) => {
      runs += 1;
      await log('begun');
      await progress(0.5);
      return { got: input };
    });
    const job = await enqueue(app.context, { kind: name, input: { n: 1 } });
    work(kinds);
    work(kinds);
    const done = await waitFor(app.context, job, 'done');
    expect(done).toMatchObject({ attempts: 1, progress: 1, result: { got: { n: 1 } } });
    expect(done.log?.map(({ text }) => text)).toEqual(['begun']);
    const week = 7 * 24 * 3_600_000;
    expect(Number(done.expiresAt) - Number(done.endedAt)).toBe(week);
    expect(runs).toBe(1);
    const shown = await app.api.get(`/api/runs/${job._id.toHexString()}`);
    expect(shown.item).toMatchObject({ kind: name, state: 'done' });
    expect(shown.text).not.toContain('lease');
  });

  it('C91 carries the trace of who asked for it, and its log lines do', async () => {
    const { name, kinds } = kindOf(async ({ traceparent, log }) => {
      await log(`traced ${name}`);
      return traceparent ?? null;
    });
    const traceId = 'ab'.repeat(16);
    const traceparent = `00-${traceId}-${'cd'.repeat(8)}-01`;
    const job = await enqueue(app.context, { kind: name, traceparent });
    work(kinds);
    expect(await waitFor(app.context, job, 'done')).toMatchObject({ result: traceparent });
    const line = app.log.find((one) => one.includes(`traced ${name}`)) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ kind: name, traceId });
  });

  it('that fails is tried again, and is dead after its last try; it can be had again', async () => {
    let broken = true;
    const { name, kinds } = kindOf(() => {
      if (broken) throw new Error('no such luck');
      return Promise.resolve('well');
    });
    const job = await enqueue(app.context, { kind: name });
    work(kinds);
    const dead = await waitFor(app.context, job, 'dead');
    expect(dead).toMatchObject({ attempts: 3, error: 'no such luck' });
    broken = false;
    await retry(app.context, job._id);
    expect(await waitFor(app.context, job, 'done')).toMatchObject({ result: 'well', attempts: 1 });
  });

  it('with a key is made once, however many ask for it at once', async () => {
    const wanted = { kind: 'test-keyed', key: 'the same' };
    const jobs = await Promise.all(Array.from({ length: 10 }, () => enqueue(app.context, wanted)));
    expect(new Set(jobs.map(({ _id }) => _id.toHexString())).size).toBe(1);
  });

  it('can be cancelled while it waits, and while it runs', async () => {
    const { run, begun } = lasting();
    const { name, kinds } = kindOf(run);
    const waiting = await enqueue(app.context, { kind: 'test-nobody' });
    expect(await cancel(app.context, waiting._id)).toMatchObject({ state: 'cancelled' });
    const running = await enqueue(app.context, { kind: name });
    work(kinds);
    await begun;
    expect(await cancel(app.context, running._id)).toMatchObject({ cancelling: true });
    await waitFor(app.context, running, 'cancelled');
    await expect(cancel(app.context, running._id)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a lease', () => {
  const take = async (name: string, at = nature) => claim(app.context, [name], at);

  it('belongs to one of many that want it', async () => {
    await enqueue(app.context, { kind: 'test-wanted' });
    const taken = await Promise.all(Array.from({ length: 10 }, () => take('test-wanted')));
    expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('that ran out is taken over; whoever had it changes nothing any more', async () => {
    const { _id } = await enqueue(app.context, { kind: 'test-over' });
    const first = await take('test-over');
    expect(await take('test-over')).toBeUndefined();
    const second = await take('test-over', later);
    expect(second?.job.attempts).toBe(2);
    expect(await first?.renew()).toBe('lost');
    await first?.done('of the first');
    await second?.done('of the second');
    expect(await jobsOf(app.context).findOne({ _id })).toMatchObject({ result: 'of the second' });
  });

  it('that is renewed is kept', async () => {
    const { _id } = await enqueue(app.context, { kind: 'test-kept' });
    const lease = await take('test-kept');
    const soon = Date.now() + leaseMs / 2;
    await jobsOf(app.context).updateOne({ _id }, { $set: { due: new Date(0) } });
    expect(await lease?.renew()).toBe('held');
    expect(await take('test-kept', { ...nature, now: () => soon })).toBeUndefined();
  });

  it('that failed leaves a pause of which chance takes a part', async () => {
    const { _id } = await enqueue(app.context, { kind: 'test-pause' });
    const now = Date.now() + 1;
    const lease = await take('test-pause', { now: () => now, random: () => 0.5 });
    await lease?.failed('no such luck', 60_000);
    const due = new Date(now + 45_000);
    expect(await jobsOf(app.context).findOne({ _id })).toMatchObject({ state: 'waiting', due });
  });

  it('of a job that ended its process each time does not go on for ever', async () => {
    const { name, kinds } = kindOf(() => Promise.resolve('never'), { attempts: 1 });
    const job = await enqueue(app.context, { kind: name });
    await take(name);
    await jobsOf(app.context).updateOne({ _id: job._id }, { $set: { due: new Date(0) } });
    work(kinds);
    const dead = await waitFor(app.context, job, 'dead');
    expect(dead.error).toContain('the process ended');
  });

  it('is handed back when the process stops before the job is done', async () => {
    const { run, begun } = lasting();
    const { name, kinds } = kindOf(run);
    const job = await enqueue(app.context, { kind: name });
    const stop = startWorker(app.context, kinds, nature, { finishMs: 1, leaveMs: 500 });
    await begun;
    await stop();
    const back = await waitFor(app.context, job, 'waiting');
    expect(back).toMatchObject({ attempts: 0 });
    expect(back).not.toHaveProperty('lease');
  });
});

describe('pauses and schedules', () => {
  it('grow by four, end at half a day, and differ by chance by up to a half', () => {
    expect([1, 2, 3].map((n) => pauseMs(n, 5_000, 0))).toEqual([5_000, 20_000, 80_000]);
    expect(pauseMs(30, 5_000, 0)).toBe(12 * 3_600_000);
    expect(pauseMs(1, 5_000, 1)).toBe(2_500);
  });

  it('ask for one run a moment, whoever looks, and make up for one that was just missed', async () => {
    const { name, kinds } = kindOf(() => Promise.resolve('done'), { everyMs: everyMs('1d') });
    const midnight = Date.UTC(2030, 0, 2);
    const runs = () => jobsOf(app.context).find({ kind: name }).toArray();
    const first = schedule(app.context, kinds, midnight - 60_000);
    await first(midnight - 30_000);
    expect(await runs()).toEqual([]);
    await first(midnight + 1);
    await first(midnight + 2);
    await schedule(app.context, kinds, midnight + 60_000)(midnight + 60_000);
    expect((await runs()).map(({ key }) => key)).toEqual(['2030-01-02T00:00:00.000Z']);
    await schedule(app.context, kinds, midnight + 7_200_000)(midnight + 7_200_000);
    expect(await runs()).toHaveLength(1);
  });

  it.each(['5', '0m', 'm', '5s', '1.5h', '* * * * *'])('refuse %s', (text) => {
    expect(() => everyMs(text)).toThrow('is not like 5m');
  });
});

describe('/api/runs', () => {
  const path = ({ _id }: Job) => `/api/runs/${_id.toHexString()}`;

  it('lists what is dead, and starts or cancels a run', async () => {
    const job = await enqueue(app.context, { kind: 'test-listed' });
    await jobsOf(app.context).updateOne({ _id: job._id }, { $set: { state: 'dead' } });
    const { list } = await app.api.get('/api/runs?kind=test-listed&state=dead&sort=-_id');
    expect(list.data.map(({ _id }) => _id)).toEqual([job._id.toHexString()]);
    const again = await app.api.post(`${path(job)}/retry`, {});
    expect(again.status, again.text).toBe(202);
    expect(again.headers.get('location')).toBe(path(job));
    expect((await app.api.post(`${path(job)}/retry`, {})).status).toBe(409);
    const cancelled = await app.api.post(`${path(job)}/cancel`, {});
    expect(cancelled.item).toMatchObject({ state: 'cancelled' });
  });

  it('knows no other run, and cannot be written', async () => {
    const unknown = `/api/runs/${new ObjectId().toHexString()}`;
    expect((await app.api.post(`${unknown}/cancel`, {})).status).toBe(404);
    expect((await app.api.post('/api/runs/abc/retry', {})).status).toBe(404);
    expect((await app.api.delete(unknown)).status).toBe(405);
  });

  it('is closed in production, whatever the method, but for operators', async () => {
    const token = 'an operator has 32 bytes of this or more';
    const closed = await startApp({
      NODE_ENV: 'production',
      LOG_LEVEL: 'silent',
      RATE_LIMIT_MAX: '0',
      OPS_TOKEN: token,
    });
    try {
      for (const [method, at] of [
        ['GET', '/api/runs'],
        ['POST', '/api/runs/search'],
        ['OPTIONS', '/api/runs'],
      ] as const) {
        const body = method === 'POST' ? { body: {} } : {};
        expect((await closed.api.request(method, at, body)).status, method).toBe(404);
      }
      const open = await closed.api.get('/api/runs', { authorization: `Bearer ${token}` });
      expect(open.status).toBe(200);
    } finally {
      await closed.stop();
    }
  });
});
