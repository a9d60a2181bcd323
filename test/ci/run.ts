/**
 * Runs the table of steps.ts one after the other (two cores: nothing is measured beside something
 * else), streams each step's output, prints its time, and ends with a table and a plain count.
 *
 *   npx tsx test/ci/run.ts             every step
 *   npx tsx test/ci/run.ts NAME ...    only these
 *   npx tsx test/ci/run.ts --list      names, seeds and counts
 */
import { execa } from 'execa';
import { steps, type Step } from './steps.ts';

interface Outcome {
  step: Step;
  passed: boolean;
  seconds: number;
}

const runStep = async (step: Step): Promise<Outcome> => {
  const [command, ...args] = step.run;
  console.log(`\n=== ${step.name}: ${step.run.join(' ')}`);
  const started = performance.now();
  const { failed, exitCode, shortMessage } = await execa(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: step.minutes * 60_000,
    reject: false,
  });
  const seconds = (performance.now() - started) / 1000;
  if (failed) console.log(`--- ${step.name} failed (exit ${exitCode ?? 'none'}): ${shortMessage}`);
  return { step, passed: !failed, seconds };
};

const describe = ({ step, passed, seconds }: Outcome): string =>
  [
    passed ? 'passed' : 'FAILED',
    `${seconds.toFixed(0)} s`.padStart(7),
    step.name.padEnd(16),
    step.counts ?? '',
  ].join('  ');

const wanted = process.argv.slice(2);
if (wanted.includes('--list')) {
  for (const step of steps) console.log(`${step.name.padEnd(16)} ${step.counts ?? ''}`);
} else {
  const chosen = wanted.length === 0 ? steps : steps.filter(({ name }) => wanted.includes(name));
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(', ')} (see --list)`);

  const outcomes: Outcome[] = [];
  for (const step of chosen) outcomes.push(await runStep(step));

  const failed = outcomes.filter(({ passed }) => !passed).length;
  console.log(`\n=== summary\n${outcomes.map(describe).join('\n')}`);
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
