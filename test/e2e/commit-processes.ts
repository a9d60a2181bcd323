/**
 * The writer against other processes: ten at once to one target, and `kill -9` at random moments, each followed by a run that
 * has to clean up. `commit-processes.ts [kills]`, for a new folder and for an existing one.
 */
import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { buildSync } from 'esbuild';

type Prepare = (parent: string) => string;

const kills = Number(process.argv[2] ?? 20);
const files = 400;
const scratch = fs.mkdtempSync(path.join(tmpdir(), 'cfsa-'));
const script = path.join(scratch, 'write-one.cjs');

const targets: Readonly<Record<string, Prepare>> = {
  'a new folder': (parent) => path.join(parent, 'project'),
  'an existing folder': (parent) => {
    const root = path.join(parent, 'project');
    fs.mkdirSync(path.join(root, 'app'), { recursive: true });
    fs.writeFileSync(path.join(root, 'LICENSE'), 'mine\n');
    return root;
  },
};

/** A process that has loaded everything and waits for the word. */
async function prepared(root: string): Promise<ChildProcess> {
  const child = fork(script, [root, String(files)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return child;
}

async function outcome(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

function filesIn(root: string): number {
  if (!fs.existsSync(root)) return 0;
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !/\.cfsa|\.flask-style/.test(entry.parentPath))
    .length;
}

function remains(...folders: string[]): string[] {
  return folders
    .flatMap((folder) => fs.readdirSync(folder))
    .filter((entry) => /\.cfsa|\.flask-style/.test(entry));
}

async function tenAtOnce(prepare: Prepare): Promise<string> {
  const parent = fs.mkdtempSync(path.join(scratch, 'race-'));
  const root = prepare(parent);
  const own = filesIn(root);
  const children = await Promise.all(Array.from({ length: 10 }, () => prepared(root)));
  for (const child of children) child.send('go');
  const codes = await Promise.all(children.map(outcome));
  const seen = `exit codes ${codes.join(' ')}`;
  assert.equal(codes.filter((code) => code === 0).length, 1, seen);
  assert.ok(
    codes.every((code) => code === 0 || code === 3 || code === 4),
    seen,
  );
  assert.equal(filesIn(root), files + own);
  assert.deepEqual(remains(parent, root), []);
  return codes.join(' ');
}

/** How many milliseconds a run takes from the word to its end. */
async function duration(prepare: Prepare): Promise<number> {
  const child = await prepared(prepare(fs.mkdtempSync(path.join(scratch, 'time-'))));
  const start = performance.now();
  child.send('go');
  assert.equal(await outcome(child), 0);
  return performance.now() - start;
}

/** Whether the kill came before the end. */
async function killed(prepare: Prepare, withinMs: number): Promise<boolean> {
  const parent = fs.mkdtempSync(path.join(scratch, 'kill-'));
  const root = prepare(parent);
  const own = filesIn(root);
  const child = await prepared(root);
  child.send('go');
  await setTimeout(Math.random() * withinMs);
  child.kill('SIGKILL');
  await outcome(child);

  // Without its record, the transaction had come to its end, whether its folder is gone or not.
  const record = path.join(root, '.flask-style/tx/0001/COMMIT.json');
  const complete = filesIn(root) === files + own && !fs.existsSync(record);
  const next = await prepared(root);
  next.send('go');
  assert.equal(await outcome(next), complete ? 3 : 0);
  assert.equal(filesIn(root), files + own);
  if (!complete) assert.deepEqual(remains(parent, root), []);
  return !complete;
}

try {
  // Bundled, because a hundred processes would otherwise compile the same sources.
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'write-one.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
  for (const [name, prepare] of Object.entries(targets)) {
    console.log(`ten at once to ${name}: exit codes ${await tenAtOnce(prepare)}`);
    const withinMs = Math.min(await duration(prepare), await duration(prepare));
    let interrupted = 0;
    for (let round = 0; round < kills; round++) if (await killed(prepare, withinMs)) interrupted++;
    console.log(
      `${kills} kills in ${name}: ${interrupted} before the end, every next run cleaned up and succeeded`,
    );
  }
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
