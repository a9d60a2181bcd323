/**
 * The transaction against other processes: `tsx test/apply/kill.ts [--kills 300] [--races 60] [--seed 1]`.
 *
 * `kill -9` at random moments, every third time again during the recovery: the next run finds or makes all of the old files
 * or all of the new ones. An editor that saves all the time: no save is lost. A folder that becomes a link now and then:
 * nothing is written outside. Many commands at once, of which one is killed: each is done as a whole, or not at all.
 */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../embedded-mongo/random.ts';
import { crowd, editing, killing, linking } from './kill/rounds.ts';
import { Processes } from './kill/processes.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    races: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});
const random = new Random(Number(values.seed));
const races = Number(values.races);
const scratch = fs.mkdtempSync(path.join(tmpdir(), 'cfsa-kill-'));
try {
  const processes = new Processes(scratch);
  const setting = { processes, random, scratch };
  console.log(await killing(setting, Number(values.kills)));
  console.log(await editing(setting, races));
  console.log(await linking(setting, Math.ceil(races / 3)));
  console.log(await crowd(setting, Math.ceil(races / 6)));
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
