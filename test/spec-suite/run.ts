/**
 * Runs the driver specification tests against the embedded server (or the one MONGODB_URI names).
 *
 *   npm run test:spec -- [--suite crud] [--only text] [--list] [--verbose]
 *
 * MONGO_SPEC_DIR names the folder of the data files (default ../shared/mongo-spec). Each test runs twice: with
 * all checks, and with the comparison of the driver's events left out. Exits 1 when a test that is not in
 * not-passed.json fails, when one that is in it passes, or when a goal is missed. `--list` prints what
 * did not pass in the form of that file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { driverSkips } from './driver-skips.ts';
import { loadSpecFiles } from './load.ts';
import { applies } from './requirements.ts';
import { runTest } from './run-test.ts';
import { startServer } from './server.ts';
import { meetsGoal, table, type SuiteCount } from './table.ts';

interface NotPassed {
  file: string;
  test: string;
  /** `result`: fails with events off too; `events`: fails only where the driver's events are compared. */
  fails: 'result' | 'events';
  why: string;
}

const root = resolve(import.meta.dirname, '../..');
const { values: options } = parseArgs({
  options: {
    suite: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean' },
    verbose: { type: 'boolean' },
  },
});
const folder = resolve(root, process.env['MONGO_SPEC_DIR'] ?? '../shared/mongo-spec');
if (!existsSync(folder)) {
  console.log(`specification tests skipped: no folder ${folder} (set MONGO_SPEC_DIR)`);
  process.exit(0);
}

const known = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'not-passed.json'), 'utf8'),
) as NotPassed[];
const counts = new Map<string, SuiteCount>();
const found: NotPassed[] = [];
const server = await startServer();

for (const { suite, file, content } of loadSpecFiles(folder)) {
  if (options.suite !== undefined && options.suite !== suite) continue;
  const count = counts.get(suite) ?? {
    tests: 0,
    applies: 0,
    own: 0,
    passedAll: 0,
    passedOff: 0,
    passedGoal: 0,
  };
  counts.set(suite, count);
  for (const test of content.tests) {
    const name = `${file} ${test.description}`;
    if (options.only !== undefined && !name.includes(options.only)) continue;
    count.tests++;
    if (
      !applies(content.runOnRequirements, server.facts) ||
      !applies(test.runOnRequirements, server.facts) ||
      test.skipReason !== undefined
    )
      continue;
    count.applies++;
    const own = driverSkips[suite]?.includes(test.description) ?? false;
    const all = await runTest(content, test, server.uri, server.admin, true);
    const off = await runTest(content, test, server.uri, server.admin, false);
    if (own) count.own++;
    if (all === undefined) count.passedAll++;
    if (off === undefined) count.passedOff++;
    if (off === undefined && !own) count.passedGoal++;
    const why = off ?? all;
    if (why !== undefined)
      found.push({
        file,
        test: test.description,
        fails: off === undefined ? 'events' : 'result',
        why,
      });
    if (options.verbose)
      console.log(
        `${off !== undefined ? 'FAIL  ' : all !== undefined ? 'events' : 'ok    '} ${name}${why === undefined ? '' : `\n         ${why}`}`,
      );
  }
}
await server.stop();

if (options.list) console.log(JSON.stringify(found, null, 2));
const key = ({ file, test, fails }: NotPassed) => `${file} | ${test} | ${fails}`;
const knownKeys = new Set(known.map(key));
const foundKeys = new Set(found.map(key));
const unexpected = found.filter((one) => !knownKeys.has(key(one)));
const whole = options.suite === undefined && options.only === undefined;
const stale = whole ? known.filter((one) => !foundKeys.has(key(one))) : [];
for (const one of unexpected) console.log(`not passed: ${key(one)}\n    ${one.why}`);
for (const one of stale) console.log(`in not-passed.json, but passes: ${key(one)}`);
console.log(`\n${table(counts)}`);
const missed = whole
  ? [...counts].filter(([suite, count]) => !meetsGoal(suite, count)).map(([suite]) => suite)
  : [];
if (missed.length > 0) console.log(`goal missed: ${missed.join(', ')}`);
process.exit(unexpected.length + stale.length + missed.length > 0 ? 1 : 0);
