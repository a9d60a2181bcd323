/**
 * How long the built tool takes, as ratios to a bare `node -e 0` in the same run, alternating.
 *
 *   npm run build && npx tsx bench/generator/run.ts [rounds]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { line, median } from '../statistics.ts';

const cli = path.resolve(import.meta.dirname, '../../bin/create-flask-style-api.js');
const rounds = Number(process.argv[2] ?? 15);

const resource = (n: number): [string, unknown] => [
  `thing${n}`,
  {
    plural: `thing${n}s`,
    path: `/thing${n}s`,
    collection: `thing${n}s`,
    fields: {
      name: { type: 'string', required: true, maxLength: 200 },
      price: { type: 'number', required: true, min: 0 },
      tags: { type: 'string', array: true },
      status: { type: 'enum', values: ['draft', 'live'], default: 'draft' },
      releasedOn: { type: 'date', index: true },
    },
  },
];

const spec = (resources: number): string =>
  JSON.stringify({
    version: 1,
    name: 'bench',
    resources: Object.fromEntries(Array.from({ length: resources }, (_, n) => resource(n + 1))),
  });

/** Wall time of one process, in seconds. */
const seconds = async (cwd: string, args: readonly string[]): Promise<number> => {
  const started = performance.now();
  await execa(process.execPath, args, { cwd, stdio: 'ignore' });
  return (performance.now() - started) / 1000;
};

const folder = await mkdtemp(path.join(tmpdir(), 'flask-style-bench-'));
try {
  let made = 0;
  const newProject = async (resources: number): Promise<number> => {
    const from = path.join(folder, `spec-${resources}.json`);
    await writeFile(from, spec(resources));
    made += 1;
    const args = [cli, `p${made}`, '--from', from, '--yes', '--no-install', '--no-git'];
    const taken = await seconds(folder, args);
    await rm(path.join(folder, `p${made}`), { recursive: true });
    return taken;
  };

  /** `add resource` in a project of so many, one after the other: it grows a little with each. */
  const added = async (resources: number, times: number): Promise<number[]> => {
    const from = path.join(folder, `spec-${resources}.json`);
    await writeFile(from, spec(resources));
    const name = `grown-${resources}`;
    const project = path.join(folder, name);
    await seconds(folder, [cli, name, '--from', from, '--yes', '--no-install', '--no-git']);
    const runs: number[] = [];
    for (let time = 1; time <= times; time += 1)
      runs.push(
        await seconds(project, [cli, 'add', 'resource', `extra${time}`, 'name:string:required']),
      );
    await rm(project, { recursive: true });
    return runs;
  };

  const bare: number[] = [];
  const help: number[] = [];
  const three: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await seconds(folder, ['-e', '0']));
    help.push(await seconds(folder, [cli, '--help']));
    three.push(await newProject(3));
  }
  // Before the large projects: what they left to be written would be waited for here.
  const growing = new Map([[3, await added(3, rounds)]]);
  const node = median(bare);
  const inNodes = (values: readonly number[]): number[] => values.map((value) => value / node);

  const many = new Map<number, number[]>();
  for (const resources of [100, 1000]) {
    const runs: number[] = [];
    for (let round = 0; round < 3; round += 1) runs.push(await newProject(resources));
    many.set(resources, runs);
  }

  for (const resources of [100, 1000]) growing.set(resources, await added(resources, 3));

  console.log(line('node -e 0', bare, 's'));
  const twice = { text: 'at most 2', reached: (value: number) => value <= 2 };
  console.log(line('--help', inNodes(help), 'x node -e 0', twice));
  const half = { text: 'at most 0.5 s', reached: (value: number) => value <= 0.5 };
  console.log(line('new project, 3 resources', three, 's', half));
  console.log(line('new project, 3 resources', inNodes(three), 'x node -e 0'));
  const linear = { text: 'at most 15 ms', reached: (value: number) => value <= 15 };
  for (const [resources, runs] of many) {
    const each = runs.map((value) => (value * 1000) / resources);
    console.log(line(`new project, ${resources} resources`, inNodes(runs), 'x node -e 0'));
    console.log(line('  a resource', each, 'ms', linear));
  }
  const quick = { text: 'at most 0.4 s', reached: (value: number) => value <= 0.4 };
  for (const [resources, runs] of growing) {
    const name = `add resource, beside ${resources}`;
    console.log(line(name, runs, 's', resources === 3 ? quick : undefined));
    console.log(line(name, inNodes(runs), 'x node -e 0'));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
