/**
 * Sends random and mutated messages to a server process of its own:
 *
 *   tsx test/embedded-mongo/fuzz/run.ts [--count 1000000] [--seed 1]
 *
 * FUZZ_COUNT and FUZZ_SEED do the same. Fails when the server exits, when it leaves a message without answer
 * or close, when a valid command is refused at the end, or when its memory grows by more than 16 MB.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../random.ts';
import { Lane } from './lane.ts';
import { command, message } from './messages.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: process.env['FUZZ_COUNT'] ?? '1000000' },
    seed: { type: 'string', default: process.env['FUZZ_SEED'] ?? '1' },
  },
});
const count = Number(options.count);
const growthLimitBytes = 16 * 2 ** 20;
const laneCount = 32;
const checkpoints = 10;

const server = fork(join(import.meta.dirname, 'server-process.ts'), {
  execArgv: ['--expose-gc', '--import', 'tsx'],
});
server.on('exit', (code, signal) => {
  console.error(`the server ended (${signal ?? code}); seed ${options.seed}`);
  process.exit(1);
});
const [{ port }] = (await once(server, 'message')) as [{ port: number }];

async function memory(): Promise<number> {
  server.send('measure');
  const [{ bytes }] = (await once(server, 'message')) as [{ bytes: number }];
  return bytes;
}

const random = new Random(Number(options.seed));
const lanes = Array.from({ length: laneCount }, () => new Lane(port));
const fates = { answered: 0, closed: 0 };
const measured: number[] = [];
let sent = 0;
const began = performance.now();

async function sendUntil(lane: Lane, end: number): Promise<void> {
  while (sent < end) {
    sent++;
    fates[await lane.send(message(random))]++;
  }
}

for (let checkpoint = 1; checkpoint <= checkpoints; checkpoint++) {
  await Promise.all(
    lanes.map((lane) => sendUntil(lane, Math.round((count * checkpoint) / checkpoints))),
  );
  measured.push(await memory());
}
const final = new Lane(port);
const last = await final.send({ bytes: command({ find: 'c', $db: 'fuzz' }, 1), framed: true });
for (const lane of [...lanes, final]) lane.close();

const megabytes = measured.map((bytes) => (bytes / 2 ** 20).toFixed(1));
// The first tenth fills caches and compiles; growth is counted from there.
const growth = (measured.at(-1) ?? 0) - (measured[0] ?? 0);
const seconds = (performance.now() - began) / 1000;
console.log(
  `${sent} messages in ${seconds.toFixed(0)} s (seed ${options.seed}): ${fates.answered} left the connection open, ${fates.closed} closed it`,
);
console.log(`memory after each tenth, MB: ${megabytes.join(' ')}`);
server.removeAllListeners('exit');
server.send('stop');
if (last !== 'answered' || growth > growthLimitBytes) {
  console.error(
    last !== 'answered'
      ? 'a valid command was not answered at the end'
      : `memory grew by ${(growth / 2 ** 20).toFixed(1)} MB`,
  );
  process.exitCode = 1;
}
