import type { Versions } from './counts.ts';
import { linesOf, lfText, type TextFile } from './decode.ts';
import { hunkOf } from './hunk.ts';
import { mergeLoose } from './loose.ts';
import { clean, type Outcome } from './outcome.ts';
import type { Relayout } from './relayout.ts';
import { mergeLines, type Labels, type TextMerge } from './text.ts';
import type { Collision } from './tree/context.ts';

/** A merge by structure; with collisions it holds the user's side there. */
export interface TreeMerge {
  readonly text: string;
  readonly collisions: readonly Collision[];
}

/** What is special about a kind of text. */
export interface TextKind {
  /** What is wrong with a merge, as a clause that names the line; `undefined` when it may be written (the gate). */
  readonly problem: (texts: Versions<string>) => string | undefined;
  /** The merge by structure. */
  readonly tree: (ours: string, base: string, theirs: string) => TreeMerge | undefined;
  /** Whether indentation is layout. */
  readonly loose: boolean;
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
  const sides: Try = styled === undefined ? plain : { ...plain, ...styled };
  const second = styled === undefined ? first : byLines(sides);
  if (styled !== undefined && second.hunks.length === 0 && passes(second.kept, sides)) {
    return clean(second.kept);
  }
  const [mine, old, other] = [sides.ours, sides.base, sides.theirs].map((lines) =>
    lfText({ lines }),
  );
  if (mine === undefined || old === undefined || other === undefined) return clean(first.kept);
  const loose = kind.loose ? mergeLoose(mine, old, other) : undefined;
  if (loose !== undefined && passes(linesOf(loose), sides)) return clean(linesOf(loose));
  const tree = kind.tree(mine, old, other);
  if (tree?.collisions.length === 0) {
    if (passes(linesOf(tree.text), sides)) return clean(linesOf(tree.text));
    // Of all that was tried the merge by structure says best what is wrong.
    problems.unshift(problems.at(-1) ?? '');
  }
  const shown = second.hunks.length < first.hunks.length ? second : first;
  return conflictOf(shown, tree, problems, ours.lines, (lines) => passes(lines, sides));
}

function conflictOf(
  text: TextMerge,
  tree: TreeMerge | undefined,
  problems: readonly string[],
  ours: readonly string[],
  passes: (lines: readonly string[]) => boolean,
): Outcome {
  const [collision] = tree?.collisions ?? [];
  const [hunk] = text.hunks;
  const reason =
    collision !== undefined
      ? `line ${collision.line}: ${collision.what}`
      : (problems[0] ?? `line ${hunk?.line ?? 1}: both sides changed this place`);
  const candidates = [tree === undefined ? [] : linesOf(tree.text), text.kept];
  // Where no merge is sound, the user's file as it is.
  const kept = candidates.find((lines) => lines.length > 0 && passes(lines)) ?? ours;
  if (text.hunks.length > 0) {
    return { kind: 'conflict', reason, hunks: text.hunks, kept, marked: text.marked };
  }
  const whole = { line: 1, ours, base: [], theirs: text.kept };
  const hunks = tree?.collisions.map(hunkOf) ?? [];
  return { kind: 'conflict', reason, hunks: hunks.length > 0 ? hunks : [whole], kept };
}
