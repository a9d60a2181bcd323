/**
 * All that CI runs, in order: one row a step, with the counts and seeds of the slow suites.
 * Minutes are limits, not expectations.
 */
export interface Step {
  name: string;
  run: readonly [string, ...string[]];
  minutes: number;
  counts?: string;
}

const tsx = (script: string, ...args: string[]): readonly [string, ...string[]] => [
  'npx',
  'tsx',
  script,
  ...args,
];

export const steps: readonly Step[] = [
  { name: 'check', run: ['npm', 'run', 'check'], minutes: 30 },
  { name: 'examples', run: tsx('test/e2e/examples.ts', '--check'), minutes: 3 },
  {
    name: 'packed',
    run: tsx('test/e2e/packed.ts'),
    minutes: 15,
    counts: 'npm, npm --ignore-scripts, npm 10',
  },
];
