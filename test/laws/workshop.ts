/** Projects on disk that laws are tried on: made, changed and taken back as the commands do it. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commit } from '../../src/apply/commit.ts';
import { transaction } from '../../src/apply/transaction.ts';
import { readUndo, undoEntries } from '../../src/apply/undo.ts';
import { changeProject, type ChangeRequest } from '../../src/project/change.ts';
import { planNew } from '../../src/project/create.ts';
import type { ProjectPlan } from '../../src/project/project-plan.ts';
import { lastCommand, lastUndo, undoPlan } from '../../src/project/undo.ts';
import type { Choices } from '../../src/project/choices.ts';
import { manifest, packageRoot } from '../../src/package.ts';
import type { Spec } from '../../src/spec/schema.ts';

export const tools = { templates: path.join(packageRoot(), 'templates'), generator: manifest() };

/** What transactions keep for themselves: no part of the project. */
const local = /^\.flask-style\/(?:tx|undo|lock|tmp)(?:\/|$)/;

/** A folder of its own for one trial, removed when the trial is over. */
export async function withFolder<T>(trial: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flask-style-law-'));
  try {
    return await trial(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Emits a new project. */
export async function make(root: string, spec: Spec): Promise<void> {
  const { changes } = await planNew({ root, spec, ...tools });
  await commit(root, changes);
}

type Wish = Omit<ChangeRequest, 'root' | 'templates' | 'generator'>;

/** What a command would do. */
export function planFor(root: string, wish: Wish): Promise<ProjectPlan> {
  return changeProject({ root, ...tools, ...wish });
}

/** Plans and writes, as a command does. */
export async function run(
  root: string,
  wish: Wish & Partial<typeof tools>,
  command = 'apply',
): Promise<ProjectPlan> {
  return transaction(root, { command, at: '2026-01-01T00:00:00Z' }, () =>
    changeProject({ root, ...tools, ...wish }),
  );
}

type How = Choices & Partial<typeof tools>;

/** Takes the last command back, or the one with this id. */
export async function undo(root: string, how: How = {}, id?: string): Promise<ProjectPlan> {
  const entries = await undoEntries(root);
  const entry = entries.find((one) => one.id === id) ?? lastCommand(entries);
  return takeBack(root, entry, how);
}

/** Takes the last undo back. */
export async function redo(root: string, how: How = {}): Promise<ProjectPlan> {
  return takeBack(root, lastUndo(await undoEntries(root)), how);
}

async function takeBack(
  root: string,
  entry: ReturnType<typeof lastCommand>,
  how: How,
): Promise<ProjectPlan> {
  const contents = await readUndo(root, entry.id);
  const options = { command: 'undo', at: '2026-01-01T00:00:00Z', undoes: entry.id };
  return transaction(root, options, () => undoPlan({ root, ...tools, ...how, entry, contents }));
}

/** Every file of a project as text by path, without what transactions keep. */
export function contents(root: string): Readonly<Record<string, string>> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter(
    (name) => !local.test(name) && statSync(path.join(root, name)).isFile(),
  );
  return Object.fromEntries(files.map((name) => [name, read(root, name)]));
}

/** The texts of all files that are the user's to read, in one. */
export function allText(root: string): string {
  return Object.entries(contents(root))
    .filter(([file]) => !file.startsWith('.flask-style/'))
    .map(([, text]) => text)
    .join('\n');
}

/** When each file was last written. */
export function times(root: string): Readonly<Record<string, bigint>> {
  const names = Object.keys(contents(root));
  return Object.fromEntries(
    names.map((name) => [name, statSync(path.join(root, name), { bigint: true }).mtimeNs]),
  );
}

export function read(root: string, file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

export function write(root: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

/** Changes the text of a file as an editor would. */
export function edit(root: string, file: string, change: (text: string) => string): void {
  write(root, file, change(read(root, file)));
}
