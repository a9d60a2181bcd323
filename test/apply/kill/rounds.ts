import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Random } from '../../embedded-mongo/random.ts';
import { ended, type Processes } from './processes.ts';
import { assertSettled, filesOf, generation, generationOf, keptTexts, put } from './scene.ts';

export interface Setting {
  readonly processes: Processes;
  readonly random: Random;
  readonly scratch: string;
}

/** A project of generation 0 in a folder of its own. */
function project({ scratch }: Setting): string {
  const root = path.join(fs.mkdtempSync(path.join(scratch, 'round-')), 'project');
  put(root, generation(0));
  return root;
}

/**
 * Starts a writer and kills it within so many milliseconds, wherever it is then.
 *
 * @returns the milliseconds that it took, when it came to its end before
 */
async function killed(
  { processes, random }: Setting,
  withinMs: number,
  ...args: readonly string[]
): Promise<number | undefined> {
  const child = await processes.ready('writer', ...args);
  const start = performance.now();
  child.send('go');
  const end = ended(child);
  const first = await Promise.race([end, setTimeout(random.below(Math.ceil(withinMs)), 'kill')]);
  if (first !== 'kill') return performance.now() - start;
  child.kill('SIGKILL');
  await end;
  return undefined;
}

/** All old or all new after every kill, and once more killed in the recovery every third time; nothing outside. */
export async function killing(setting: Setting, kills: number): Promise<string> {
  const { processes } = setting;
  const root = project(setting);
  // A guess, which follows the machine from one round to the next.
  let withinMs = 500;
  assert.equal(await processes.run(root, 'generation', '1'), 0);
  let now = 1;
  const outside = path.join(path.dirname(root), 'outside');
  const linked = 'app/0/0.ts';
  const names = new Map<string, string>();
  fs.mkdirSync(outside);
  const seen = { old: 0, new: 0, torn: 0, again: 0 };
  for (let round = 0; round < kills; round++) {
    // A second name of a file, outside the project: what it names stays what it was.
    names.set(`${round}.ts`, fs.readFileSync(path.join(root, linked), 'utf8'));
    fs.linkSync(path.join(root, linked), path.join(outside, `${round}.ts`));
    const took = await killed(setting, withinMs, root, 'generation', String(now + 1));
    if (generationOf(root, now, now + 1) === undefined) seen.torn++;
    if (round % 3 === 0) {
      seen.again++;
      await killed(setting, withinMs / 3, root, 'recover');
    }
    assert.equal(await processes.run(root, 'recover'), 0, `round ${round}`);
    assertSettled(root);
    const found = generationOf(root, now, now + 1);
    assert.ok(found !== undefined, `round ${round}: neither old nor new: ${root}`);
    seen[found === now ? 'old' : 'new']++;
    // As many before the commit point as after it, however fast the machine is at the moment.
    withinMs = took ?? withinMs * (found === now ? 1.05 : 0.95);
    now = found;
  }
  assert.deepEqual(filesOf(outside), names);
  if (kills >= 100) assert.ok(seen.torn > 0, 'no kill hit the moment when names change');
  return `${kills} kills (${seen.again} of them twice, ${seen.torn} left a torn tree): ${seen.old} old, ${seen.new} new, 0 mixed`;
}

/** Every last save is at its path, or kept by the transaction; what was not saved is as the exit code says. */
export async function editing(setting: Setting, races: number): Promise<string> {
  const { processes, random } = setting;
  const codes = new Map<number | null, number>();
  let saves = 0;
  for (let round = 0; round < races; round++) {
    const root = project(setting);
    const how = ['in place', 'rename', 'both'][round % 3] ?? '';
    const editor = await processes.ready('editor', root, how, String(random.below(1e6)));
    const code = await processes.run(root, 'stamp', '1');
    const told = once(editor, 'message');
    editor.send('stop');
    const [saved] = (await told) as [Readonly<Record<string, string>>];
    await ended(editor);
    assert.ok(code === 0 || code === 5, `round ${round}: exit code ${code}`);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    const found = filesOf(root);
    // What was renamed into place is there; what was written into an open file may be where that was taken.
    const kept = how === 'rename' ? [] : keptTexts(root);
    for (const [file, text] of Object.entries(saved)) {
      saves++;
      const there = found.get(file) === text || kept.includes(text);
      assert.ok(there || found.get(file) === `stamp 1\n${text}`, `round ${round}: lost ${file}`);
    }
    for (const [file, text] of generation(0)) {
      if (saved[file] !== undefined) continue;
      const wanted: string = code === 0 && file.startsWith('app/') ? `stamp 1\n${text}` : text;
      assert.equal(found.get(file), wanted, `round ${round}: ${file}`);
    }
    assertSettled(root);
  }
  const seen = [...codes].map(([code, count]) => `${count} times exit ${code}`).join(', ');
  return `${races} changes under an editor: ${saves} files saved, 0 lost (${seen})`;
}

/** A folder of the project is a link to the outside now and then: nothing arrives there. */
export async function linking(setting: Setting, races: number): Promise<string> {
  const { processes, random } = setting;
  for (let round = 0; round < races; round++) {
    const root = project(setting);
    const outside = path.join(path.dirname(root), 'outside');
    put(outside, new Map([['0.ts', 'outside\n']]));
    const swapper = await processes.ready('editor', root, 'link', String(random.below(1e6)));
    for (let turn = 1; turn <= 3; turn++) await processes.run(root, 'stamp', String(turn));
    swapper.send('stop');
    await ended(swapper);
    assert.deepEqual(filesOf(outside), new Map([['0.ts', 'outside\n']]), `round ${round}`);
    assert.equal(await processes.run(root, 'recover'), 0, `round ${round}`);
    const stamps = new Set(
      [...filesOf(root)]
        .filter(([file]) => file.startsWith('app/'))
        .map(([, text]) => /^(?:stamp \d+)?/.exec(text)?.[0]),
    );
    assert.equal(stamps.size, 1, `round ${round}: ${[...stamps].join(' and ')}`);
  }
  return `${races} rounds with a folder that becomes a link: nothing outside, nothing by half`;
}

/** Eight commands at once; the one that is killed is done or not, the others are done. */
export async function crowd(setting: Setting, rounds: number): Promise<string> {
  const { processes, random } = setting;
  for (let round = 0; round < rounds; round++) {
    const root = project(setting);
    const children = await Promise.all(
      Array.from({ length: 8 }, (_, n) => processes.ready('writer', root, 'own', String(n))),
    );
    const said = children.map(() => '');
    for (const [n, child] of children.entries()) {
      child.on('message', (text) => (said[n] = String(text)));
      child.send('go');
    }
    const victim = random.below(children.length);
    await setTimeout(random.below(300));
    children[victim]?.kill('SIGKILL');
    const codes = await Promise.all(children.map(ended));
    assert.equal(await processes.run(root, 'recover'), 0);
    assertSettled(root);
    const found = filesOf(root);
    for (const [n, code] of codes.entries()) {
      const own = [...found].filter(([, text]) => text === `own ${n}\n`).length;
      const allowed = n === victim && code === null ? [0, 20] : [20];
      assert.ok(
        allowed.includes(own),
        `round ${round}: ${own} files of command ${n}, exit ${code} ${said[n]}`,
      );
    }
  }
  return `${rounds} rounds of eight commands at once, one of them killed: each whole or not at all`;
}
