import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { openapi } from '../app/core/openapi.ts';
import { described } from '../app/described.ts';
import { info } from '../app/info.ts';
import { models } from '../app/models/index.ts';
import { breaking } from './contract-diff.ts';
import { differences, type Json } from './contract-json.ts';

/**
 * The contract lock. openapi.json is what clients were promised; `check` fails when the models say something else.
 * `accept` writes what they say now; a change that can break a client needs `--breaking` as well.
 *
 *     npm run contract:check
 *     npm run contract:accept
 *     npm run contract:accept -- --breaking
 */
const file = 'openapi.json';
const [command, ...flags] = process.argv.slice(2);

const promised = JSON.parse(await readFile(file, 'utf8')) as Json;
const current = JSON.parse(JSON.stringify(openapi(models, info, described))) as Json;
const broken = breaking(promised, current);

const say = (lines: readonly string[]) =>
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
const list = broken.map((change) => `  ${change}`);

if (isDeepStrictEqual(promised, current)) {
  say([`${file} is what the models say`]);
} else if (command === 'check') {
  const accept = broken.length === 0 ? 'contract:accept' : 'contract:accept -- --breaking';
  say([`${file} is not what the models say: npm run ${accept}`]);
  say(differences(promised, current).map((place) => `  ${place}`));
  if (broken.length > 0) say(['Clients would break:', ...list]);
  process.exitCode = 1;
} else if (broken.length > 0 && !flags.includes('--breaking')) {
  say(['Clients would break:', ...list, 'To accept that: npm run contract:accept -- --breaking']);
  process.exitCode = 1;
} else {
  const style = { ...(await resolveConfig(file)), filepath: file };
  await writeFile(file, await format(JSON.stringify(current, null, 2), style));
  say([`${file} is written`, ...list]);
}
