// Loaded into the measured process: what its heap holds after a collection, and its resident memory, in bytes.
// Printed at every SIGUSR2.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  collect();
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  process.stdout.write(`heap-witness ${String(heapUsed)} ${String(rss)}\n`);
});
