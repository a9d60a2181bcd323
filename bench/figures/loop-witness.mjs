// Loaded into the measured process: the longest time between two turns of its event loop, printed and started anew at
// every SIGUSR2. Of the wall clock and the processor time of the process the lesser counts: the one also passes while
// other processes of the machine have the core, the other also in threads that collect garbage beside the loop.
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setInterval } from 'node:timers';

let before = process.cpuUsage();
let from = performance.now();
let worst = 0;

setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  const now = performance.now();
  worst = Math.max(worst, Math.min(now - from, (user + system) / 1000));
  before = process.cpuUsage();
  from = now;
}, 2).unref();

process.on('SIGUSR2', () => {
  process.stdout.write(`loop-witness ${String(worst)}\n`);
  worst = 0;
});
