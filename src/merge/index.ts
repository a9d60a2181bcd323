import { decode } from './decode.ts';
import { encode } from './encode.ts';
import { mergeJson } from './json.ts';
import { mergeByLayers, type Sides, type TextKind } from './layers.ts';
import { mergeSet } from './lines.ts';
import { clean, type Outcome } from './outcome.ts';
import { relayout } from './relayout.ts';
import { optionsFor } from './style.ts';
import { markerLine } from './text.ts';
import { textKind } from './text-kind.ts';
import type { MergeInput, MergeResult } from './types.ts';

export { withEndsOf } from './encode.ts';
export type { Hunk, MergeInput, MergeResult } from './types.ts';
export { relocated } from './relocate.ts';
export { styleFiles, styleOf } from './read-style.ts';
export { sameContent } from './same.ts';
export { specifierOf } from './specifier.ts';
export { emittedStyle, type ProjectStyle } from './style.ts';
export { inUserStyle } from './user-style.ts';

/**
 * Brings one file together with what the user made of it. Pure: reads nothing, writes nothing. A clean result holds
 * every line and token that the user added; what cannot be brought together is a conflict.
 */
export async function mergeFile(input: MergeInput): Promise<MergeResult> {
  const { path, policy, base, ours, theirs, style } = input;
  const keep: MergeResult = { kind: 'clean', content: ours, notes: [] };
  if (policy === 'seed' || same(ours, theirs)) return keep;
  if (base !== undefined && same(base, theirs)) return keep;
  const untouched = base !== undefined && same(base, ours);
  if (policy === 'bin') {
    if (untouched) return { ...keep, content: theirs };
    return conflict('you changed a file that is only replaced as a whole');
  }
  // As it was emitted, in a project that has no style of its own: no need to read what may be megabytes.
  if (untouched && optionsFor(style, path) === undefined) return { ...keep, content: theirs };
  const json = policy === 'json';
  const [mine, old, other] = [ours, base ?? new Uint8Array(), theirs].map((bytes) =>
    decode(bytes, json),
  );
  if (untouched && other?.file === undefined) return { ...keep, content: theirs };
  if (mine?.file === undefined) return conflict(`the file ${mine?.problem ?? 'is absent'}`);
  if (old?.file === undefined || other?.file === undefined) {
    return conflict(`the generated file ${old?.problem ?? other?.problem ?? 'is absent'}`);
  }
  const marker = markerLine(mine.file.lines);
  if (marker !== undefined && markerLine(old.file.lines) === undefined) {
    return conflict(`line ${marker}: the file holds conflict markers; resolve them first`);
  }
  const sides = { ours: mine.file, base: old.file, theirs: other.file };
  const outcome = await mergeSides(input, sides);
  return resultOf(outcome, (lines) => encode(lines, sides.ours));
}

async function mergeSides(input: MergeInput, sides: Sides): Promise<Outcome> {
  const { path, policy, base, labels } = input;
  const [ours, old, theirs] = [sides.ours.lines, sides.base.lines, sides.theirs.lines];
  const restyle = () => relayout(path, sides, input.style);
  if (equal(ours, theirs) || (base !== undefined && equal(old, theirs))) return clean(ours);
  if (base !== undefined && equal(ours, old)) return clean((await restyle())?.theirs ?? theirs);
  if (policy === 'json') {
    return mergeJson(path, text(ours), base === undefined ? '{}' : text(old), text(theirs));
  }
  if (policy === 'lines') {
    const { hunks, kept, marked } = mergeSet(ours, old, theirs, labels);
    if (hunks.length === 0) return clean(kept);
    const reason = `line ${hunks[0]?.line ?? 1}: both sides changed it`;
    return { kind: 'conflict', reason, hunks, kept, marked };
  }
  return mergeByLayers(await kindOf(path, policy), sides, labels, restyle);
}

async function kindOf(path: string, policy: MergeInput['policy']): Promise<TextKind> {
  if (policy === 'ts') return (await import('./ts/kind.ts')).codeKind();
  if (policy === 'yaml') return (await import('./yaml.ts')).yamlKind;
  return textKind(path);
}

function resultOf(outcome: Outcome, bytes: (lines: readonly string[]) => Uint8Array): MergeResult {
  if (outcome.kind === 'clean') {
    return { kind: 'clean', content: bytes(outcome.lines), notes: outcome.notes };
  }
  const { kind, reason, hunks, kept, marked } = outcome;
  return {
    kind,
    reason,
    hunks,
    ...(marked === undefined ? {} : { marked: bytes(marked) }),
    ...(kept === undefined ? {} : { kept: bytes(kept) }),
  };
}

const conflict = (reason: string): MergeResult => ({ kind: 'conflict', reason, hunks: [] });

const text = (lines: readonly string[]) => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

const equal = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, at) => line === b[at]);
