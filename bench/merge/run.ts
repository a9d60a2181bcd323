import { emittedStyle, mergeFile } from '../../src/merge/index.ts';
import type { MergePolicy } from '../../src/render/types.ts';
import { median } from '../statistics.ts';

/**
 * Merges of large files, in milliseconds: 20,000 lines of which few are distinct (goal: under 1,000), 20,000 equal
 * ones, two that have nothing in common, and JSON of half a megabyte (goal: under 150).
 */
const runs = 5;
const bytes = (lines: readonly string[]) => new TextEncoder().encode(`${lines.join('\n')}\n`);
const lines = (count: number, distinct: number) =>
  Array.from({ length: count }, (_, at) => `line ${String((at * 7919) % distinct)}`);

/** Every hundredth line in another form, and one more at the end. */
const edited = (all: readonly string[], by: string, from: number) => [
  ...all.map((line, at) => (at % 100 === from ? `${line} ${by}` : line)),
  from === 0 ? 'the end' : `the end of ${by}`,
];

function sparse(count: number, distinct: number) {
  const base = lines(count, distinct);
  const start = edited(base, 'mine', 0).slice(0, -1);
  return { base, ours: start, theirs: edited(base, 'theirs', 50) };
}

function json(paths: number) {
  const one = (at: number) => [
    `    "/things/${String(at)}": {`,
    `      "get": { "summary": "Thing ${String(at)}", "tags": ["a", "b"], "responses": { "200": { "$ref": "#/x" } } }`,
    `    }${at === paths - 1 ? '' : ','}`,
  ];
  const base = [
    '{',
    '  "paths": {',
    ...Array.from({ length: paths }, (_, at) => one(at)).flat(),
    '  }',
    '}',
  ];
  const ours = base.map((line, at) => (at === 3 ? line.replace('Thing 0', 'Mine') : line));
  const theirs = base.flatMap((line, at) => (at === 1 ? [line, '    "/new": {},'] : [line]));
  return { base, ours, theirs };
}

/** As a program writes it that the user has run over the file. */
function laidOut({ ours, ...sides }: ReturnType<typeof json>, unit: string) {
  const lines = (text: readonly string[], by: string) =>
    JSON.stringify(JSON.parse(text.join('\n')), undefined, by).split('\n');
  const { base, theirs } = sides;
  return { ours: lines(ours, unit), base: lines(base, '  '), theirs: lines(theirs, '  ') };
}

function commented({ ours, ...sides }: ReturnType<typeof json>) {
  return { ours: ['// mine', ...ours], ...sides };
}

const unlike = (name: string) => Array.from({ length: 20_000 }, (_, at) => `${name} ${String(at)}`);

const cases: readonly (readonly [
  name: string,
  policy: MergePolicy,
  path: string,
  sides: ReturnType<typeof json>,
])[] = [
  ['20,000 lines, 1,000 distinct', 'text', 'a.txt', sparse(20_000, 1000)],
  ['20,000 lines, 20 distinct', 'text', 'a.txt', sparse(20_000, 20)],
  ['20,000 lines, all equal', 'text', 'a.txt', sparse(20_000, 1)],
  [
    '20,000 lines, nothing in common',
    'text',
    'a.txt',
    { base: unlike('a'), ours: unlike('b'), theirs: unlike('c') },
  ],
  ['JSON of 500 kB', 'json', 'a.json', json(3700)],
  ['JSON of 500 kB, indented otherwise', 'json', 'a.json', laidOut(json(3700), '\t')],
  ['JSON of 500 kB, on one line', 'json', 'a.json', laidOut(json(3700), '')],
  ['JSON of 500 kB with a comment', 'json', 'a.json', commented(json(3700))],
];

for (const [name, policy, path, sides] of cases) {
  const times: number[] = [];
  let kind = '';
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const result = await mergeFile({
      path,
      policy,
      base: bytes(sides.base),
      ours: bytes(sides.ours),
      theirs: bytes(sides.theirs),
      style: emittedStyle,
      labels: { base: 'last generated', theirs: 'generator' },
    });
    times.push(performance.now() - start);
    kind = result.kind;
  }
  console.log(`${name.padEnd(34)} ${median(times).toFixed(0).padStart(6)} ms  ${kind}`);
}
