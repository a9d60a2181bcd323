import { posix as path } from 'node:path';
import type { Change } from '../apply/change.ts';
import { bytesOf } from '../apply/hash.ts';
import { modeOf, writing } from '../apply/reconcile/change-of.ts';
import { exit, UserError } from '../errors.ts';
import { withEndsOf } from '../merge/index.ts';
import { quote } from '../spec/names.ts';
import { nearest } from '../spec/nearest.ts';
import { openProject, type Project, type Tools } from './open.ts';
import type { State } from './state.ts';
import { emittedTree, keepsBase } from './tree.ts';

/** The two differences of a project, each as changes that can be printed as a patch. */
export interface ProjectDiff {
  /** From what was emitted to what lies on disk: the edits of the user. */
  readonly yours: readonly Change[];
  /** From what was emitted to what the spec and the templates mean now: what apply and update would bring. */
  readonly pending: readonly Change[];
}

/**
 * What the user changed and what waits to be applied. Only reads.
 *
 * @param typed the path of one emitted file, in the project or from `folder` in it; all of them when left out
 * @throws UserError 1 for a path that was never emitted or a spec with mistakes, 4 for a state that cannot be used
 */
export async function diffProject(
  tools: Tools,
  typed?: string,
  folder = '.',
): Promise<ProjectDiff> {
  const project = await openProject(tools, { unfinished: true });
  const { files } = project.state;
  const only = typed === undefined ? undefined : emittedPath(typed, folder, files);
  const tree = await emittedTree(project.spec, project.templates);
  const paths = only === undefined ? new Set([...Object.keys(files), ...tree.keys()]) : [only];
  const yours: Change[] = [];
  const pending: Change[] = [];
  for (const file of [...paths].sort()) {
    const theirs = tree.get(file);
    const known = files[file];
    const before = await baseOf(project, file);
    const sides = { path: file, before, mode: modeOf({ path: file, from: file, known, theirs }) };
    if (known !== undefined && known.gone === undefined && before !== undefined) {
      const ours = await project.files.read(known.at ?? file);
      // Other line ends are no edit; shown as one, they would hide what is.
      const emitted = ours === undefined ? before : withEndsOf(ours, before);
      yours.push(...some(writing({ ...sides, before: emitted, after: ours })));
    }
    if (known === undefined || before !== undefined) {
      const after = theirs === undefined ? undefined : bytesOf(theirs.content);
      pending.push(...some(writing({ ...sides, after })));
    }
  }
  return { yours, pending };
}

function emittedPath(typed: string, folder: string, files: State['files']): string {
  const places = [path.normalize(typed), path.join(folder, typed)];
  const found = places.find((place) => Object.hasOwn(files, place));
  if (found === undefined) throw notEmitted(typed, files);
  return found;
}

/** Hundreds of names would help nobody: the nearest, or where the file is known to lie now. */
function notEmitted(only: string, files: State['files']): UserError {
  const moved = Object.keys(files).find((file) => files[file]?.at === only);
  const near = nearest(only, Object.keys(files));
  return new UserError(
    exit.usage,
    `${quote(only)} is not among the emitted files`,
    moved !== undefined
      ? `it was emitted as ${moved}`
      : near === undefined
        ? 'diff shows all that you edited'
        : `did you mean ${near}?`,
  );
}

/** A file as it was emitted, where that is kept. */
async function baseOf({ state, bases }: Project, file: string): Promise<Uint8Array | undefined> {
  const entry = state.files[file];
  if (entry?.base === undefined || !keepsBase(entry.kind)) return undefined;
  return bases.get(entry.base);
}

function some<Value>(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}
