import { createHash } from 'node:crypto';
import { specDocument } from '../plan/spec-file.ts';
import type { EmittedFile, MergePolicy, Tree } from '../render/types.ts';
import type { Spec } from '../spec/schema.ts';

export const stateFolder = '.flask-style';
export const statePath = `${stateFolder}/state.json`;

/** The newest format of the state that this tool reads and writes. */
export const stateFormat = 1;

/** The program that emitted a project. */
export interface GeneratorName {
  readonly name: string;
  readonly version: string;
}

/** What the state remembers of one file. */
export interface StateEntry {
  readonly kind: MergePolicy;
  /** SHA-256 of the content as emitted, in hexadecimal digits; a seed has none. */
  readonly base?: string;
  readonly owner?: string;
  /** In octal digits; absent for 644. */
  readonly mode?: string;
}

/** `.flask-style/state.json`: what was emitted, from which spec and by which version. */
export interface State {
  readonly format: number;
  /** The oldest format a reader has to know. */
  readonly minReader: number;
  readonly generator: GeneratorName;
  readonly spec: ReturnType<typeof specDocument>;
  readonly files: Readonly<Record<string, StateEntry>>;
  /** What {@link checkOf} gives for the rest. */
  readonly check: string;
}

/** The text of the state file, with one line a file, so that two branches merge. */
export function stateText(spec: Spec, tree: Tree, generator: GeneratorName): string {
  const files = Object.fromEntries([...tree].map(([path, file]) => [path, entryOf(file)]));
  const state = { format: stateFormat, minReader: 1, generator, spec: specDocument(spec), files };
  const rows = Object.entries(files).map(
    ([path, entry]) => `    ${JSON.stringify(path)}: ${JSON.stringify(entry)}`,
  );
  return [
    '{',
    `  "format": ${state.format},`,
    `  "minReader": ${state.minReader},`,
    `  "generator": ${JSON.stringify(generator)},`,
    `  "spec": ${indented(JSON.stringify(state.spec, null, 2))},`,
    '  "files": {',
    rows.join(',\n'),
    '  },',
    `  "check": "${checkOf(state)}"`,
    '}',
    '',
  ].join('\n');
}

/** The hash that tells a state edited by hand: over everything but itself, whatever the layout. */
export function checkOf(state: Omit<State, 'check'>): string {
  const { format, minReader, generator, spec, files } = state;
  return sha256(JSON.stringify({ format, minReader, generator, spec, files }));
}

/** SHA-256 in hexadecimal digits; a string counts as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function entryOf({ content, merge, owner, mode }: EmittedFile): StateEntry {
  if (merge === 'seed') return { kind: merge };
  const plain = { kind: merge, base: sha256(content), owner };
  return mode === 0o644 ? plain : { ...plain, mode: mode.toString(8) };
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n  ');
}
