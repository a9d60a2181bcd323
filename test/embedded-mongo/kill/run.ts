/**
 * Kills the server with SIGKILL under write load, restarts it on the same data and compares:
 *
 *   tsx test/embedded-mongo/kill/run.ts [--kills 200] [--seed 1] [--fsync always|interval]
 *
 * With `always` no acknowledged write may be lost and no write may be there by half; with `interval` no document
 * may be torn. Then damages the log (cut short, bytes changed, rubbish added): the server must start, warn
 * and hold everything from before the damage.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { Random } from '../random.ts';
import { damageFaults } from './damage.ts';
import { verify, writeUntilDead, type Expectation } from './load.ts';
import { ServerProcess, bundleServer, type Fsync } from './server-process.ts';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    fsync: { type: 'string' },
  },
});
const random = new Random(Number(options.seed));

/** The longest time a server lives before it is killed, in ms; the shortest is almost none. */
const longestLifeMs = 250;
/** A new folder now and then, so that both empty and grown data are met. */
const killsInFolder = 20;

async function killing(fsync: Fsync, kills: number): Promise<string[]> {
  const faults: string[] = [];
  let written = 0;
  let dir = '';
  let expectation: Expectation = { acknowledged: new Map(), inFlight: [] };
  for (let kill = 0; kill <= kills; kill++) {
    if (kill % killsInFolder === 0) {
      if (dir !== '') rmSync(dir, { recursive: true });
      if (kill > 0) console.log(`fsync ${fsync}: ${kill} kills, ${faults.length} faults so far`);
      dir = mkdtempSync(join(tmpdir(), 'kill-'));
      expectation = { acknowledged: new Map(), inFlight: [] };
    }
    const server = await ServerProcess.start(dir, fsync);
    const client = await MongoClient.connect(server.uri, {
      retryWrites: false,
      // A transaction that is cut off is aborted, which waits this long for a server that is no more.
      serverSelectionTimeoutMS: 1_500,
    });
    const found = await verify(client, expectation, fsync !== 'always');
    faults.push(...found.map((fault) => `after kill ${kill}: ${fault}`));
    const writing = writeUntilDead(client, expectation, random);
    await sleep(5 + random.below(longestLifeMs));
    await server.kill();
    // Ends the operations that wait for a server.
    await client.close(true);
    await writing;
    written += [...expectation.acknowledged.values()].reduce((sum, version) => sum + version, 0);
  }
  rmSync(dir, { recursive: true });
  console.log(
    `fsync ${fsync}: ${kills} kills, ${written} acknowledged writes looked at, ${faults.length} faults`,
  );
  return faults;
}

await bundleServer();
const kills = Number(options.kills);
const faults: string[] = [];
if (options.fsync !== 'interval') faults.push(...(await killing('always', kills)));
if (options.fsync !== 'always') faults.push(...(await killing('interval', Math.ceil(kills / 4))));
if (options.fsync === undefined) faults.push(...(await damageFaults(random)));
for (const fault of faults.slice(0, 50)) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
