import { bytesOf, sha256 } from '../apply/hash.ts';
import type { Change } from '../apply/change.ts';
import { writing } from '../apply/reconcile/change-of.ts';
import type { Tree } from '../render/types.ts';
import { utf8Text } from '../utf8.ts';
import type { Project } from './open.ts';
import { checkOf, statePath, stateText, type State, type UncheckedState } from './state.ts';
import { basePath, fixedFiles, keepsBase } from './tree.ts';

/** The changes in `.flask-style/` that go with a new state: part of the same plan, written with everything else. */
export async function booksOf(
  project: Project,
  state: UncheckedState,
  tree: Tree,
): Promise<readonly Change[]> {
  const changes = [
    await stateChange(project, state),
    ...(await baseChanges(project, state, tree)),
    ...(await fixedChanges(project)),
  ];
  return changes.filter((change) => change !== undefined);
}

async function stateChange(
  { files, state: old }: Project,
  state: UncheckedState,
): Promise<Change | undefined> {
  if (checkOf(state) === old.check) return undefined;
  return replaced(await files.read(statePath), statePath, Buffer.from(stateText(state)));
}

/** Bases that are needed and missing, and those that nothing refers to any more. */
async function baseChanges(
  { files, state: old, bases }: Project,
  state: UncheckedState,
  tree: Tree,
): Promise<readonly (Change | undefined)[]> {
  const [before, after] = [referred(old), referred(state)];
  const emitted = new Map([...tree.values()].map(({ content }) => [sha256(content), content]));
  const changes: (Change | undefined)[] = [];
  for (const hash of after) {
    if (before.has(hash) && !bases.restored.has(hash)) continue;
    const content = emitted.get(hash) ?? (await bases.get(hash));
    changes.push(replaced(await files.read(basePath(hash)), basePath(hash), bytesOf(content)));
  }
  for (const hash of before) {
    if (!after.has(hash))
      changes.push(replaced(await files.read(basePath(hash)), basePath(hash), undefined));
  }
  return changes;
}

/** The hashes of all bases that a state needs. */
export function referred({ files, pending = [] }: UncheckedState | State): ReadonlySet<string> {
  const hashes = new Set<string>();
  for (const { kind, base } of Object.values(files))
    if (base !== undefined && keepsBase(kind)) hashes.add(base);
  for (const { base } of pending) if (base !== undefined) hashes.add(base);
  return hashes;
}

/** The schema follows the tool; the two git files are only put back, because somebody may have added to them. */
async function fixedChanges({ files }: Project): Promise<readonly (Change | undefined)[]> {
  const changes: (Change | undefined)[] = [];
  for (const [file, { content }] of fixedFiles()) {
    const before = await files.read(file);
    if (before !== undefined && !file.endsWith('.json')) continue;
    if (before !== undefined && lines(before) === lines(content)) continue;
    changes.push(replaced(before, file, Buffer.from(content)));
  }
  return changes;
}

function lines(content: string | Uint8Array): string {
  return utf8Text(content).replaceAll('\r\n', '\n');
}

function replaced(
  before: Uint8Array | undefined,
  path: string,
  after: Uint8Array | undefined,
): Change | undefined {
  return writing({ path, before, after, mode: 0o644 });
}
