import type { Versions } from './counts.ts';
import { linesOf, lfText, type TextFile } from './decode.ts';
import { hunkOf } from './hunk.ts';
import { mergeLoose } from './loose.ts';
import { clean, type Outcome } from './outcome.ts';
import type { Relayout } from './relayout.ts';
import { mergeLines, type Closeness, type Labels, type TextMerge } from './text.ts';
import type { Collision } from './tree/context.ts';

/** A merge by structure; with collisions it holds the user's side there. */
export interface TreeMerge {
  readonly text: string;
  readonly collisions: readonly Collision[];
  /** What the user should look at in a merge without collisions. */
  readonly notes: readonly string[];
  /** What the generator asks for, without what was settled for the user; absent: all of it. */
  readonly theirs?: string;
}

/** What is special about a kind of text. */
export interface TextKind {
  /** What is wrong with a merge, as a clause that names the line; `undefined` when it may be written (the gate). */
  readonly problem: (texts: Versions<string>) => string | undefined;
  /** The merge by structure. */
  readonly tree: (ours: string, base: string, theirs: string) => TreeMerge | undefined;
  /** What a line says, where its layout means nothing; absent where it does. */
  readonly loose?: (line: string) => string;
  /** How near to each other changes of lines may be, when that is all there is to go by. */
  readonly close?: Closeness;
  /** The generator's versions with the names that the user gave to variables; `undefined` when they have those. */
  readonly renamed?: (
    ours: string,
    base: string,
    theirs: string,
  ) => { readonly base: string; readonly theirs: string } | undefined;
}

export interface Sides {
  readonly ours: TextFile;
  readonly base: TextFile;
  readonly theirs: TextFile;
}

/** The texts that are merged: the user's, and the generator's as they are or in the user's style. */
interface Try {
  readonly ours: readonly string[];
  readonly base: readonly string[];
  readonly theirs: readonly string[];
}

/**
 * Tries one layer after the other, the simplest first: lines, lines in the user's style, lines without their
 * indentation, structure. The first merge that is clean and passes the gate is it; otherwise it is a conflict, shown
 * by lines.
 */
export async function mergeByLayers(
  kind: TextKind,
  { ours, base, theirs }: Sides,
  labels: Labels,
  restyle: () => Promise<Relayout | undefined>,
): Promise<Outcome> {
  const plain: Try = { ours: ours.lines, base: base.lines, theirs: theirs.lines };
  const problems: string[] = [];
  const passes = (lines: readonly string[], { base: old, theirs: other }: Try) => {
    const problem = kind.problem({
      ours: lfText(ours),
      base: lfText({ lines: old }),
      theirs: lfText({ lines: other }),
      merged: lfText({ lines }),
    });
    if (problem !== undefined) problems.push(problem);
    return problem === undefined;
  };
  const byLines = (sides: Try) => mergeLines(sides.ours, sides.base, sides.theirs, labels);
  const first = byLines(plain);
  if (first.hunks.length === 0 && passes(first.kept, plain)) return clean(first.kept);
  const styled = await restyle();
  let sides: Try = styled === undefined ? plain : { ...plain, ...styled };
  const named = kind.renamed?.(lfText(ours), textOf(sides.base), textOf(sides.theirs));
  if (named !== undefined) {
    sides = { ...plain, base: linesOf(named.base), theirs: linesOf(named.theirs) };
  }
  const second = sides === plain ? first : byLines(sides);
  if (sides !== plain && second.hunks.length === 0 && passes(second.kept, sides)) {
    return clean(second.kept);
  }
  const [mine, old, other] = [textOf(sides.ours), textOf(sides.base), textOf(sides.theirs)];
  const loose = kind.loose === undefined ? undefined : mergeLoose(mine, old, other, kind.loose);
  if (loose !== undefined && passes(linesOf(loose), sides)) return clean(linesOf(loose));
  if (kind.close !== undefined && !second.unlike) {
    const { hunks, kept } = mergeLines(sides.ours, sides.base, sides.theirs, labels, kind.close);
    if (hunks.length === 0 && passes(kept, sides)) return clean(kept);
  }
  const tree = kind.tree(mine, old, other);
  if (tree?.collisions.length === 0) {
    const asked = tree.theirs === undefined ? sides : { ...sides, theirs: linesOf(tree.theirs) };
    if (passes(linesOf(tree.text), asked)) return clean(linesOf(tree.text), tree.notes);
    // Of all that was tried the merge by structure says best what is wrong.
    problems.unshift(problems.at(-1) ?? '');
  }
  const shown = second.hunks.length < first.hunks.length ? second : first;
  const sound = ({ lines, theirs: other }: Kept) => passes(lines, { ...sides, theirs: other });
  return conflictOf(shown, tree, problems, plain, sound);
}

const textOf = (lines: readonly string[]) => lfText({ lines });

/** A merge with the user's side in every hunk, and what of the generator's side has to be in it. */
interface Kept {
  readonly lines: readonly string[];
  readonly theirs: readonly string[];
}

function conflictOf(
  text: TextMerge,
  tree: TreeMerge | undefined,
  problems: readonly string[],
  { ours, theirs }: Try,
  sound: (kept: Kept) => boolean,
): Outcome {
  const [collision] = tree?.collisions ?? [];
  const [hunk] = text.hunks;
  const reason =
    collision !== undefined
      ? `line ${collision.line}: ${collision.what}`
      : (problems[0] ?? `line ${hunk?.line ?? 1}: both sides changed this place`);
  const candidates: readonly Kept[] = [
    { lines: tree === undefined ? [] : linesOf(tree.text), theirs },
    { lines: text.kept, theirs: text.hunks.length > 0 ? text.undisputed : theirs },
  ];
  // Where no merge is sound, the user's file as it is.
  const kept = candidates.find((one) => one.lines.length > 0 && sound(one))?.lines ?? ours;
  if (text.hunks.length > 0) {
    return { kind: 'conflict', reason, hunks: text.hunks, kept, marked: text.marked };
  }
  const whole = { line: 1, ours, base: [], theirs: text.kept };
  const hunks = tree?.collisions.map(hunkOf) ?? [];
  return { kind: 'conflict', reason, hunks: hunks.length > 0 ? hunks : [whole], kept };
}
