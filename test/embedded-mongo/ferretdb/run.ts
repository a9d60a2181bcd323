/**
 * The same random documents, filters, sorts, projections and updates to the embedded server and to FerretDB v1:
 *
 *   tsx test/embedded-mongo/ferretdb/run.ts [--seed 1] [--rounds 40] [--verbose]
 *
 * Says "skipped" where FerretDB cannot be had. Prints the differences by kind; exits 1 when one is
 * not explained in explain.ts (docs/embedded-mongo-differences.md says who is right, and why).
 */
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { start } from '../../../src/embedded-mongo/index.ts';
import { explain } from './explain.ts';
import { obtainBinary, startFerret, type Running } from './obtain.ts';
import { Random } from '../random.ts';
import { trials, type Difference } from './trials.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '40' },
    verbose: { type: 'boolean' },
  },
});

let ferret: Running;
try {
  ferret = await startFerret(obtainBinary());
} catch (error) {
  console.log(`comparison with FerretDB skipped: ${(error as Error).message}`);
  process.exit(0);
}

const embedded = await start();
const ours = await MongoClient.connect(embedded.uri);
const theirs = await MongoClient.connect(ferret.uri);
const random = new Random(Number(options.seed));
const explained = new Map<string, number>();
const unexplained: Difference[] = [];
let compared = 0;
let notSupported = 0;
try {
  for (let round = 0; round < Number(options.rounds); round++) {
    const outcome = await trials(
      random,
      ours.db('fuzz').collection(`r${round}`),
      theirs.db('fuzz').collection(`r${round}`),
    );
    compared += outcome.compared;
    notSupported += outcome.notSupported;
    for (const difference of outcome.differences) {
      const reason = explain(difference);
      if (reason === undefined) unexplained.push(difference);
      else explained.set(reason, (explained.get(reason) ?? 0) + 1);
      if (options.verbose && reason !== undefined) console.log(reason, JSON.stringify(difference));
    }
  }
} finally {
  await ours.close();
  await theirs.close();
  await embedded.stop();
  ferret.stop();
}

for (const difference of unexplained.slice(0, 40))
  console.log(`not explained: ${JSON.stringify(difference)}`);
for (const [reason, count] of [...explained].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(6)}  ${reason}`);
console.log(
  `seed ${options.seed}: ${compared} answers compared, ${notSupported} not supported by FerretDB, ${unexplained.length} differences not explained`,
);
process.exit(unexplained.length > 0 ? 1 : 0);
