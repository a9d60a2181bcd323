/**
 * All that CI runs: one row a step, with the counts and seeds of the slow suites.
 * Minutes are limits, not expectations.
 */
export interface Step {
  name: string;
  run: readonly [string, ...string[]];
  minutes: number;
  counts?: string;
  /** Runs with nothing beside it: it measures, or it keeps both cores busy by itself. */
  alone?: true;
  /** Its temporary files lie on the disk, whose speed is a part of what it measures. */
  onDisk?: true;
}

const tsx = (script: string, ...args: string[]): readonly [string, ...string[]] => [
  'npx',
  'tsx',
  script,
  ...args,
];

/** One of the figures of bench/figures. */
const figure = (name: string): Step => ({
  name: name.slice(0, name.indexOf('-')),
  run: tsx(`bench/figures/${name}.ts`),
  minutes: 4,
  counts: 'short form',
});

/** The tests of emitted projects that hold time or memory against a limit. */
const timed = ['http', 'limits', 'outage', 'overload', 'query', 'traffic'];

export const steps: readonly Step[] = [
  { name: 'lint', run: ['npm', 'run', 'lint'], minutes: 6 },
  { name: 'typecheck', run: ['npm', 'run', 'typecheck'], minutes: 4 },
  { name: 'build', run: ['npm', 'run', 'build'], minutes: 3 },
  { name: 'examples', run: tsx('test/e2e/examples.ts', '--check'), minutes: 3 },
  {
    name: 'readme',
    run: tsx('test/e2e/readme.ts'),
    minutes: 25,
    counts: 'every command, `npm test` among them',
    alone: true,
  },
  {
    name: 'packed',
    run: tsx('test/e2e/packed.ts'),
    minutes: 12,
    counts: 'npm --ignore-scripts, npm 10',
  },
  {
    name: 'changes',
    run: tsx('test/e2e/changes.ts'),
    minutes: 15,
    counts: '9 commands, each type-checked',
  },
  {
    name: 'edits',
    run: tsx('test/e2e/edits.ts', '--count', '28', '--seed', '1'),
    minutes: 8,
    counts: '28 of 1,512: 108 edits under 14 commands, seed 1; at least 95 % clean, none at fault',
  },
  {
    name: 'transaction',
    run: tsx('test/apply/kill.ts', '--kills', '300', '--races', '60', '--seed', '1'),
    minutes: 20,
    counts: '300 kills, 60 races, seed 1',
  },
  {
    name: 'merges',
    run: tsx('test/merge/corpus.ts'),
    minutes: 8,
    counts:
      'all 2,500: 20 kinds of edit x 8 of change x 20 of file; at least 95 % clean by kind of edit, none at fault',
  },
  {
    name: 'laws',
    run: tsx('test/laws/run.ts', '3'),
    minutes: 20,
    counts: '3 times the quick form, fixed seeds',
  },
  { name: 'image', run: tsx('test/e2e/image.ts'), minutes: 8 },
  {
    name: 'sizes',
    run: tsx('bench/size/run.ts', '--check'),
    minutes: 3,
    counts: 'one resource; goals, and limits that only fall',
  },
  { name: 'actionlint', run: tsx('test/e2e/actionlint.ts'), minutes: 5 },
  {
    name: 'kubernetes',
    run: tsx('test/e2e/kubernetes.ts'),
    minutes: 8,
    counts: 'kustomize build, 5 names',
  },
  {
    name: 'attacks, timed',
    run: ['npm', 'run', 'test:emitted', '--', ...timed.map((name) => `emitted/${name}.test.ts`)],
    minutes: 12,
    counts: timed.join(', '),
    alone: true,
  },
  {
    name: 'attacks',
    run: [
      'npm',
      'run',
      'test:emitted',
      '--',
      ...timed.map((name) => `--exclude=**/${name}.test.ts`),
    ],
    minutes: 18,
    counts: 'all others',
  },
  { name: 'pages in a browser', run: tsx('test/e2e/pages-browser.ts'), minutes: 6 },
  {
    name: 'dev',
    run: tsx('test/e2e/dev.ts'),
    minutes: 6,
    counts: 'a change is served, a mistake survived, data kept through kill -9',
  },
  {
    name: 'own tests',
    run: tsx('test/e2e/own-tests.ts'),
    minutes: 6,
    counts:
      'every feature; fields called like what answers hold; what examples bring, their sample data',
  },
  {
    name: 'random tests',
    run: tsx('test/e2e/random-tests.ts', '2', '1'),
    minutes: 10,
    counts: '2 projects with their own tests, seed 1',
  },
  ...['1', '2'].map((seed): Step => ({
    name: `random specs ${seed}`,
    run: tsx('test/e2e/random-specs.ts', '500', seed),
    minutes: 15,
    counts: `500 specs, seed ${seed}`,
  })),
  {
    name: 'schemathesis',
    run: tsx('test/e2e/schemathesis.ts'),
    minutes: 10,
    counts: 'kitchen-sink and a project with every feature, 12 examples an operation, seed 1',
  },
  // What counts answers, documents, connections or bytes.
  ...[
    'f1-rolling-restart',
    'f9-connection-churn',
    'f10-crash',
    'f11-unique-race',
    'f12-lost-update',
    'f16-limiter-memory',
    'f18-clock-jump',
    'f19-webhook-storm',
  ].map(figure),
  // What measures time, or memory that depends on it.
  ...[
    'f2-database-down',
    'f3-database-hung',
    'f4-overload',
    'f5-memory',
    'f6-slow-clients',
    'f8-event-loop',
    'f14-cold-start',
    'f15-readiness-amplification',
    'f17-log-pressure',
  ].map((name): Step => ({ ...figure(name), alone: true })),
  { name: 'mongo spec', run: ['npm', 'run', 'test:spec'], minutes: 8 },
  { name: 'pymongo', run: tsx('test/embedded-mongo/pymongo/run.ts'), minutes: 4 },
  {
    name: 'ferretdb',
    run: tsx('test/embedded-mongo/ferretdb/run.ts', '--seed', '1', '--rounds', '40'),
    minutes: 12,
    counts: '40 rounds, seed 1',
  },
  {
    name: 'framing fuzz',
    run: tsx('test/embedded-mongo/fuzz/run.ts', '--count', '1000000', '--seed', '1'),
    minutes: 8,
    counts: '1,000,000 messages, seed 1',
  },
  {
    name: 'kill',
    run: tsx('test/embedded-mongo/kill/run.ts', '--kills', '200', '--seed', '1'),
    minutes: 18,
    counts: '200 kills, seed 1',
  },
  {
    name: 'bench generator',
    run: tsx('bench/generator/run.ts', '5'),
    minutes: 4,
    counts: '5 rounds',
    alone: true,
    onDisk: true,
  },
  {
    name: 'bench embedded',
    run: tsx('bench/embedded/run.ts', '--check'),
    minutes: 5,
    counts: 'relative goals, and those of memory, within twice',
    alone: true,
    onDisk: true,
  },
  {
    name: 'bench app',
    run: tsx('bench/app/run.ts', '3', '1'),
    minutes: 4,
    counts: '3 pairs of 1 s',
    alone: true,
    onDisk: true,
  },
];
