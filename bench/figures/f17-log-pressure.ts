/** F17: nobody reads the log for ten seconds: requests are answered all the same, and memory does not run away. */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { figure, full, together } from './support.ts';

const seconds = 10;
const atOnce = full ? 50 : 20;
/** A long line each. */
const path = `/api/${'nothing'.repeat(60)}`;

/** In MB. */
const resident = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]) / 1024;

await figure(
  'F17',
  'every request is answered or refused while standard output is blocked, with less than 64 MB more; the log goes on afterwards',
  async (bench) => {
    const { url, child, lines } = await bench.start('log');
    const pid = child.pid ?? 0;
    const ask = async (): Promise<number> => {
      const answer = await fetch(url + path);
      await answer.arrayBuffer();
      return answer.status;
    };
    await together(200, ask);
    await wait(500);
    const before = resident(pid);

    child.stdout?.pause();
    const logged = lines.length;
    const statuses: number[] = [];
    const from = performance.now();
    let slowest = 0;
    const one = async (): Promise<void> => {
      while (performance.now() - from < seconds * 1000) {
        const sent = performance.now();
        statuses.push(await ask());
        slowest = Math.max(slowest, performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    const growth = resident(pid) - before;
    const blocked = statuses.length - (lines.length - logged);

    child.stdout?.resume();
    await ask();
    const until = performance.now() + 20_000;
    while (lines.length - logged <= statuses.length && performance.now() < until) await wait(100);
    const answered = statuses.filter((status) => status === 404 || status === 503).length;
    return {
      measured: `${String(answered)} of ${String(statuses.length)} requests answered in ${String(seconds)} s, the slowest after ${slowest.toFixed(0)} ms; ${String(blocked)} lines held back, ${growth.toFixed(0)} MB more; ${String(lines.length - logged)} lines in the end`,
      pass:
        answered === statuses.length &&
        statuses.length > 0 &&
        blocked > 0 &&
        growth < 64 &&
        lines.length - logged > statuses.length,
    };
  },
);
