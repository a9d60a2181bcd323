/**
 * Runs the table of steps.ts: first those that share the two cores, two at a time, then those that run alone.
 * Prints each step's output and time, and ends with the last lines of what failed, a table and a plain count.
 *
 *   npx tsx test/ci/run.ts             every step
 *   npx tsx test/ci/run.ts NAME ...    only these
 *   npx tsx test/ci/run.ts --list      names, seeds and counts
 */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { inLanes } from '../in-lanes.ts';
import { steps, type Step } from './steps.ts';

interface Outcome {
  step: Step;
  passed: boolean;
  seconds: number;
  output: string;
}

const gibibyte = 2 ** 30;

/**
 * A folder in memory for what steps write and throw away: thousands of small files, each made safe on its way, wait for
 * a disk half of the time. Undefined where no such place is.
 */
const inMemory = ((): string | undefined => {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize < 8 * gibibyte) return undefined;
    const folder = mkdtempSync('/dev/shm/ci-');
    // As /tmp: some tests are another user.
    chmodSync(folder, 0o1777);
    return folder;
  } catch {
    return undefined;
  }
})();
process.on('exit', () => {
  if (inMemory !== undefined) rmSync(inMemory, { recursive: true, force: true });
});

const runStep = async (step: Step): Promise<Outcome> => {
  const [command, ...args] = step.run;
  const title = `\n=== ${step.name}: ${step.run.join(' ')}`;
  console.log(step.alone ? title : `\n... ${step.name}`);
  const started = performance.now();
  // Beside another step the output is held back until the end, so that it stays in one piece.
  const shown = step.alone ? (['pipe', 'inherit'] as const) : 'pipe';
  const result = await execa(command, args, {
    stdio: ['ignore', shown, shown],
    env: step.onDisk || inMemory === undefined ? {} : { TMPDIR: inMemory },
    all: true,
    timeout: step.minutes * 60_000,
    reject: false,
  });
  const seconds = (performance.now() - started) / 1000;
  const output = stripVTControlCharacters(result.all ?? '');
  if (!step.alone) console.log(`${title}\n${output}`);
  const end = result.failed
    ? `failed (exit ${result.exitCode ?? 'none'}): ${result.shortMessage}`
    : 'passed';
  console.log(`--- ${step.name}, ${seconds.toFixed(0)} s: ${end}`);
  return { step, passed: !result.failed, seconds, output };
};

const describe = ({ step, passed, seconds }: Outcome): string =>
  [
    passed ? 'passed' : 'FAILED',
    `${seconds.toFixed(0)} s`.padStart(7),
    step.name.padEnd(16),
    step.counts ?? '',
  ].join('  ');

const saidWhy = /^ *(FAIL|×|--- )|Error\b/;
const most = 25;

/** The lines of a failed step that say most: those that name an error, and the last ones. */
const reasons = ({ step, output }: Outcome): string => {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = [
    ...lines.filter((line) => saidWhy.test(line)).slice(0, most),
    '...',
    ...lines.slice(-most),
  ];
  return [`\n=== why ${step.name} failed`, ...telling.map((line) => line.slice(0, 300))].join('\n');
};

const wanted = process.argv.slice(2);
if (wanted.includes('--list')) {
  for (const step of steps) console.log(`${step.name.padEnd(16)} ${step.counts ?? ''}`);
} else {
  const chosen = wanted.length === 0 ? steps : steps.filter(({ name }) => wanted.includes(name));
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(', ')} (see --list)`);

  const alone = chosen.filter((step) => step.alone);
  const beside = chosen.filter((step) => !step.alone);
  const outcomes = [...(await inLanes(2, beside, runStep)), ...(await inLanes(1, alone, runStep))];

  const failed = outcomes.filter(({ passed }) => !passed);
  for (const outcome of failed) console.log(reasons(outcome));
  console.log(`\n=== summary\n${outcomes.map(describe).join('\n')}`);
  console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
