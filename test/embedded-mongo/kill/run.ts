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
import { inLanes } from '../../in-lanes.ts';
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
const seed = Number(options.seed);

/** The longest time a server lives before it is killed, in ms; the shortest is almost none. */
const longestLifeMs = 250;
/** A new folder after so many kills, so that both empty and grown data are met. */
const killsInFolder = 20;

/** Folders at work at a time: most of a kill is waiting for a driver that notices. */
const lanes = 4;

interface Round {
  faults: string[];
  /** Acknowledged writes that were looked at. */
  written: number;
}

/** One folder, whose server is killed so many times. */
async function killingIn(fsync: Fsync, kills: number, random: Random): Promise<Round> {
  const round: Round = { faults: [], written: 0 };
  const dir = mkdtempSync(join(tmpdir(), 'kill-'));
  const expectation: Expectation = { acknowledged: new Map(), inFlight: [] };
  for (let kill = 0; kill <= kills; kill++) {
    const server = await ServerProcess.start(dir, fsync);
    const client = await MongoClient.connect(server.uri, {
      retryWrites: false,
      // A transaction that is cut off is aborted, which waits this long for a server that is no more.
      serverSelectionTimeoutMS: 1_500,
    });
    const found = await verify(client, expectation, fsync !== 'always');
    round.faults.push(...found.map((fault) => `${dir}, after kill ${kill}: ${fault}`));
    // The last start only looks.
    const writing = kill < kills ? writeUntilDead(client, expectation, random) : undefined;
    await sleep(5 + random.below(longestLifeMs));
    await server.kill();
    // Ends the operations that wait for a server.
    await client.close(true);
    await writing;
    round.written += [...expectation.acknowledged.values()].reduce((sum, n) => sum + n, 0);
  }
  rmSync(dir, { recursive: true });
  return round;
}

async function killing(fsync: Fsync, kills: number): Promise<string[]> {
  const sizes = Array.from({ length: Math.ceil(kills / killsInFolder) }, (_, folder) =>
    Math.min(killsInFolder, kills - folder * killsInFolder),
  );
  const rounds = await inLanes(lanes, sizes, (size, folder) =>
    killingIn(fsync, size, new Random(seed * 1000 + folder)),
  );
  const faults = rounds.flatMap((round) => round.faults);
  const written = rounds.reduce((sum, round) => sum + round.written, 0);
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
if (options.fsync === undefined) faults.push(...(await damageFaults(new Random(seed))));
for (const fault of faults.slice(0, 50)) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
