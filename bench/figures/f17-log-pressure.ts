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
  'every request is answered or refused while standard output is blocked, with less than 64 MB more; afterwards the log goes on, and each line is there or counted as lost',
  async (bench) => {
    const { url, child, lines } = await bench.start('log');
    const pid = child.pid ?? 0;
    const ask = async (): Promise<number> => {
      const answer = await fetch(url + path);
      await answer.arrayBuffer();
      return answer.status;
    };
    // The same load with a reader first, so that what is measured is not a process warming up.
    for (let round = 0; round < 100; round += 1) await together(100, ask);
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
    /** Lines keep their order: once a later request's line is there, so is each before it that was not lost. */
    let later = 0;
    do {
      later += 1;
      await fetch(`${url}${path}/${String(later)}`);
      await wait(100);
    } while (lines.at(-1)?.includes(`/${String(later)}"`) !== true && later < 200);
    const lost = lines
      .filter((line) => line.includes('"log lines lost"'))
      .reduce((sum, line) => sum + (JSON.parse(line) as { lost: number }).lost, 0);
    const written = lines.slice(logged).filter((line) => line.includes(path)).length;
    const answered = statuses.filter((status) => status === 404 || status === 503).length;
    return {
      measured: `${String(answered)} of ${String(statuses.length)} requests answered in ${String(seconds)} s, the slowest after ${slowest.toFixed(0)} ms; ${String(blocked)} lines held back, of which ${String(written)} were written later and ${String(lost)} reported as lost; ${growth.toFixed(0)} MB more`,
      pass:
        answered === statuses.length &&
        statuses.length > 0 &&
        blocked > 0 &&
        growth < 64 &&
        written + lost === statuses.length + later,
    };
  },
);
