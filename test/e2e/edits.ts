/**
 * Every kind of edit of a user under every command, with the tool as it is run: no word of the user is lost, what comes out
 * type-checks, or it is a conflict with exit 3 and nothing written. Prints a table by kind of edit.
 *
 *   npx tsx test/e2e/edits.ts [--count 42] [--seed 1] [--only <part of "edit | command">]
 *
 * Exit 1 when anything is lost, does not compile, or less than 95 % are clean.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { packageTool } from '../cli/package.ts';
import { Random } from '../embedded-mongo/random.ts';
import { changeTemplates, commands, type Command } from './edits/commands.ts';
import { documentEdits } from './edits/documents.ts';
import { handEdits } from './edits/hand.ts';
import { losses, typeErrors, type Files } from './edits/judge.ts';
import { layerEdits } from './edits/layers.ts';
import { modelEdits } from './edits/models.ts';
import { registryEdits } from './edits/registries.ts';
import type { Edit } from './edits/texts.ts';
import { inTemporaryFolder, repository } from './support.ts';

const leastClean = 0.95;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '42' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});

interface Case {
  readonly edit: Edit;
  readonly command: Command;
}

/** So many cases of all: the commands in turn, and the groups of edits in turn, each in an order that the seed says. */
function chosen(all: readonly Edit[], count: number, seed: number): readonly Case[] {
  const random = new Random(seed);
  const groups = new Map<string, Edit[]>();
  const shuffled = all.map((edit) => [random.next(), edit] as const).sort(([a], [b]) => a - b);
  for (const [, edit] of shuffled) {
    const group = edit.kind.split(':')[0] ?? '';
    groups.set(group, [...(groups.get(group) ?? []), edit]);
  }
  const order = all.flatMap((_, at) => [...groups.values()].flatMap((group) => group[at] ?? []));
  // A step that visits every edit for every command before it repeats itself.
  let step = commands.length;
  while (divisor(step, order.length) !== 1) step++;
  const cases = order.flatMap((_, turn) =>
    commands.flatMap((command, at): Case[] => {
      const edit = order[(at + turn * step) % order.length];
      return edit === undefined ? [] : [{ edit, command }];
    }),
  );
  return cases
    .filter(({ edit, command }) => `${edit.kind} | ${command.name}`.includes(values.only))
    .slice(0, count);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

function filesIn(root: string): Files {
  const found = new Map<string, Buffer>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = path.posix.join(folder, entry.name);
      if (file === 'node_modules' || /^\.flask-style\/(?:undo|tx)$/.test(file)) continue;
      if (entry.isDirectory()) walk(file);
      else if (entry.isFile()) found.set(file, readFileSync(path.join(root, file)));
    }
  };
  walk('');
  return found;
}

const same = (a: Files, b: Files): boolean =>
  a.size === b.size && [...a].every(([file, content]) => b.get(file)?.equals(content) === true);

function differing(a: Files, b: Files): ReadonlySet<string> {
  const files = [...new Set([...a.keys(), ...b.keys()])];
  return new Set(
    files.filter((file) => b.get(file)?.equals(a.get(file) ?? Buffer.from('')) !== true),
  );
}

await inTemporaryFolder(async (folder) => {
  const toolIn = async (name: string, version?: string) => {
    const at = path.join(folder, name);
    mkdirSync(at);
    return packageTool(at, version);
  };
  const now = await toolIn('now');
  const later = await toolIn('later', '9.0.0');
  changeTemplates(later.templates);
  const run = (cwd: string, cli: string, args: readonly string[]) =>
    execa(process.execPath, [cli, ...args], { cwd, reject: false, stdin: 'ignore' });
  const done = async (cwd: string, args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await run(cwd, now.cli, args);
    if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  };

  const example = path.join(folder, 'example');
  await done(folder, ['example', 'bookshop', 'example', '--no-install', '--no-git']);
  const starts = new Map<Command, string>();
  const startOf = async (command: Command): Promise<string> => {
    const known = command.before === undefined ? example : starts.get(command);
    if (known !== undefined) return known;
    const start = path.join(folder, `start-${starts.size}`);
    cpSync(example, start, { recursive: true });
    for (const args of command.before ?? []) await done(start, args);
    starts.set(command, start);
    return start;
  };

  const changed = new Map<string, ReadonlySet<string>>();

  /** What is wrong with one case; `conflict` when it was refused as it should be. */
  const faultsOf = async (
    root: string,
    { edit, command }: Case,
  ): Promise<readonly string[] | 'conflict'> => {
    cpSync(await startOf(command), root, { recursive: true });
    symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
    const before = filesIn(root);
    for (const [file, change] of Object.entries(edit.files)) {
      const at = path.join(root, file);
      mkdirSync(path.dirname(at), { recursive: true });
      writeFileSync(at, change(existsSync(at) ? readFileSync(at, 'utf8') : ''));
    }
    command.prepare?.(root);
    const mine = filesIn(root);
    const { cli } = command.later ? later : now;
    const { exitCode, stderr } = await run(root, cli, command.args);
    const after = filesIn(root);
    if (exitCode === 3)
      return same(mine, after) ? 'conflict' : ['exit 3, and something is written'];
    if (exitCode !== 0) return [`exit ${exitCode}: ${stderr.slice(0, 300)}`];
    changed.set(root, differing(before, after));
    return losses(Object.keys(edit.files), mine, after);
  };

  const all = [...modelEdits, ...layerEdits, ...registryEdits, ...documentEdits, ...handEdits];
  const cases = chosen(all, Number(values.count), Number(values.seed));
  const found = new Map<string, readonly string[] | 'conflict'>();
  const rootOf = (at: number): string => path.join(folder, `case-${at}`);
  for (const [at, one] of cases.entries()) found.set(rootOf(at), await faultsOf(rootOf(at), one));
  const errors = typeErrors(changed);

  const table = new Map<string, { clean: number; fair: number; disputed: number }>();
  let faulty = 0;
  for (const [at, { edit, command }] of cases.entries()) {
    const label = `${edit.kind} | ${command.name}`;
    const [kind = ''] = edit.kind.split(':');
    const row = table.get(kind) ?? { clean: 0, fair: 0, disputed: 0 };
    table.set(kind, row);
    const disputed = edit.disputes?.includes(command.name) === true;
    row[disputed ? 'disputed' : 'fair']++;
    const own = found.get(rootOf(at)) ?? [];
    if (own === 'conflict') {
      console.log(`conflict  ${label}`);
      continue;
    }
    const faults = [...new Set([...own, ...(errors.get(rootOf(at)) ?? [])])];
    if (faults.length > 0) {
      faulty++;
      console.log(`FAULT     ${label}: ${faults.join('; ').slice(0, 500)}`);
    } else if (!disputed) row.clean++;
  }

  console.log(`\n${cases.length} of ${all.length * commands.length} cases, seed ${values.seed}`);
  console.log(`${'edit'.padEnd(12)} clean  of fair  disputes`);
  for (const [kind, { clean, fair, disputed }] of table)
    console.log(
      `${kind.padEnd(12)} ${String(clean).padStart(5)}  ${String(fair).padStart(7)}  ${String(disputed).padStart(8)}`,
    );
  const rows = [...table.values()];
  const sum = (of: 'clean' | 'fair') => rows.reduce((total, row) => total + row[of], 0);
  const share = sum('clean') / sum('fair');
  console.log(`${(100 * share).toFixed(1)} % clean, ${faulty} at fault`);
  if (faulty > 0 || share < leastClean) process.exitCode = 1;
});
