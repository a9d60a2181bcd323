// Loaded into the measured process: the most processor time between two turns of its event loop. Unlike the wall clock,
// it does not count what other processes of the machine took. Printed, and started anew, at every SIGUSR2.
import process from 'node:process';
import { setInterval } from 'node:timers';

let before = process.cpuUsage();
let worst = 0;

setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  worst = Math.max(worst, user + system);
}, 2).unref();

process.on('SIGUSR2', () => {
  process.stdout.write(`loop-witness ${String(worst / 1000)}\n`);
  worst = 0;
});
