import { sha256 } from '../apply/hash.ts';
import type { Pending, Remembered } from '../apply/reconcile/types.ts';
import { specDocument } from '../plan/spec-file.ts';
import type { EmittedFile, Tree } from '../render/types.ts';
import type { Spec } from '../spec/schema.ts';

export { sha256 } from '../apply/hash.ts';

export const stateFolder = '.flask-style';
export const statePath = `${stateFolder}/state.json`;
/** What keeps the entries of undo, which may hold secrets, out of git. */
export const ignorePath = `${stateFolder}/.gitignore`;

/** The newest format of the state that this tool reads and writes. */
export const stateFormat = 1;

/** The program that emitted a project. */
export interface GeneratorName {
  readonly name: string;
  readonly version: string;
  /** SHA-256 over the templates that were used; absent in what names the running program. */
  readonly templates?: string;
}

/** What the state remembers of one file. */
export type StateEntry = Remembered;

/** `.flask-style/state.json`: what was emitted, from which spec and by which version. */
export interface State {
  readonly format: number;
  /** The oldest format a reader has to know. */
  readonly minReader: number;
  readonly generator: GeneratorName;
  readonly spec: ReturnType<typeof specDocument>;
  readonly files: Readonly<Record<string, StateEntry>>;
  /** What waits for the user; absent when nothing does. */
  readonly pending?: readonly Pending[];
  /** What {@link checkOf} gives for the rest. */
  readonly check: string;
}

/** A state before its hash is known. */
export type UncheckedState = Omit<State, 'check'>;

/** The state of a project of which every file lies as it was emitted. */
export function freshState(spec: Spec, tree: Tree, generator: GeneratorName): UncheckedState {
  const files = Object.fromEntries([...tree].map(([path, file]) => [path, entryOf(file)]));
  return { format: stateFormat, minReader: 1, generator, spec: specDocument(spec), files };
}

/** The text of the state file, with one line a file, so that two branches merge. */
export function stateText(state: UncheckedState): string {
  const { generator, spec, files, pending = [] } = state;
  const rows = Object.entries(files).map(
    ([path, entry]) => `    ${JSON.stringify(path)}: ${JSON.stringify(entry)}`,
  );
  const waiting = pending.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  return [
    '{',
    `  "format": ${state.format},`,
    `  "minReader": ${state.minReader},`,
    `  "generator": ${JSON.stringify(generator)},`,
    `  "spec": ${indented(JSON.stringify(spec, null, 2))},`,
    '  "files": {',
    rows.join(',\n'),
    '  },',
    ...(waiting === '' ? [] : [`  "pending": [\n${waiting}\n  ],`]),
    `  "check": "${checkOf(state)}"`,
    '}',
    '',
  ].join('\n');
}

/** The hash that tells a state edited by hand: over everything but itself, whatever the layout. */
export function checkOf(state: UncheckedState): string {
  const { format, minReader, generator, spec, files, pending } = state;
  const waiting = pending === undefined || pending.length === 0 ? {} : { pending };
  return sha256(JSON.stringify({ format, minReader, generator, spec, files, ...waiting }));
}

/** What the state remembers of a file as it is emitted. */
export function entryOf({ content, merge, owner, mode }: EmittedFile): StateEntry {
  if (merge === 'seed') return { kind: merge };
  const plain = { kind: merge, base: sha256(content), owner };
  return mode === 0o644 ? plain : { ...plain, mode: mode.toString(8) };
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
