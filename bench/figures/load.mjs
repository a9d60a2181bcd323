// A load generator in a process of its own, so that what it costs is not measured with the application. The parent sends
// `{ url, seconds, connections }` (closed loop) or `{ url, seconds, rate }` (open loop), and gets the answers.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true });

const ask = (url) =>
  new Promise((resolve) => {
    const from = performance.now();
    const answered = (status, retryAfter) =>
      resolve({ status, retryAfter, ms: performance.now() - from });
    request(url, { agent }, (res) => {
      res.resume().on('end', () => answered(res.statusCode, 'retry-after' in res.headers));
    })
      .on('error', () => answered(0, false))
      .end();
  });

/** Each asks, waits for the answer and asks again. */
const closed = async ({ url, seconds, connections }) => {
  const answers = [];
  const until = performance.now() + seconds * 1000;
  const one = async () => {
    while (performance.now() < until) answers.push(await ask(url));
  };
  await Promise.all(Array.from({ length: connections }, one));
  return answers;
};

/** So many a second, whatever comes back. */
const open = async ({ url, seconds, rate }) => {
  const due = [];
  const from = performance.now();
  while (performance.now() - from < seconds * 1000) {
    const owed = ((performance.now() - from) / 1000) * rate - due.length;
    for (let i = 0; i < owed; i += 1) due.push(ask(url));
    await wait(5);
  }
  return Promise.all(due);
};

process.on('message', async (order) => {
  const from = performance.now();
  const answers = await (order.rate === undefined ? closed(order) : open(order));
  process.send({ answers, took: (performance.now() - from) / 1000 });
});
