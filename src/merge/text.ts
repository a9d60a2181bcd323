import { linesOf } from './decode.ts';
import { merge3, type Stretch } from './merge3.ts';
import type { Hunk, MergeInput } from './types.ts';

/** The line by line merge of three texts; with `hunks` it is a conflict. */
export interface TextMerge {
  /** The merged lines, the user's side in every hunk. */
  readonly kept: readonly string[];
  /** The merged lines, the base in every hunk: what the generator asks for beside the hunks. */
  readonly undisputed: readonly string[];
  /** The merged lines with diff3 markers around every hunk. */
  readonly marked: readonly string[];
  readonly hunks: readonly Hunk[];
  /** The texts have so little in common that nobody looked for it. */
  readonly unlike: boolean;
}

export type Labels = MergeInput['labels'];

/** How near to each other changes may be. */
export interface Closeness {
  /** Changes of neighbouring lines do not collide. */
  readonly apart: boolean;
  /** What both sides insert at one place stands there, the user's first. */
  readonly union: boolean;
}

const distant: Closeness = { apart: false, union: false };

/** Merges lines (L1). Texts that have nothing to do with each other come back as one hunk. */
export function mergeLines(
  ours: readonly string[],
  base: readonly string[],
  theirs: readonly string[],
  labels: Labels,
  { apart, union }: Closeness = distant,
): TextMerge {
  const found = merge3(ours, base, theirs, apart);
  const stretches = found ?? [whole(ours, base, theirs)];
  const kept: string[] = [];
  const undisputed: string[] = [];
  const marked: string[] = [];
  const hunks: Hunk[] = [];
  const both = (lines: readonly string[]) => {
    for (const line of lines) {
      kept.push(line);
      undisputed.push(line);
      marked.push(line);
    }
  };
  for (const { kind, ...ranges } of stretches) {
    const mine = ours.slice(...ranges.ours);
    const other = theirs.slice(...ranges.theirs);
    if (kind !== 'conflict') {
      both(kind === 'theirs' ? other : mine);
      continue;
    }
    if (ranges.base[0] === ranges.base[1]) {
      // A comment goes with the line below it, which the other side's insertion is not.
      const [above, below] = [isComment(mine), isComment(other)];
      if (apart && above !== below) {
        both(above ? [...other, ...mine] : [...mine, ...other]);
        continue;
      }
      if (union) {
        both([...mine, ...other]);
        continue;
      }
    }
    const [head, tail] = shared(mine, other);
    const hunk: Hunk = {
      line: ranges.ours[0] + head + 1,
      ours: mine.slice(head, mine.length - tail),
      base: base.slice(...ranges.base),
      theirs: other.slice(head, other.length - tail),
    };
    hunks.push(hunk);
    both(mine.slice(0, head));
    for (const line of hunk.ours) kept.push(line);
    for (const line of hunk.base) undisputed.push(line);
    for (const line of markers(hunk, labels)) marked.push(line);
    both(mine.slice(mine.length - tail));
  }
  return { kept, undisputed, marked, hunks, unlike: found === undefined };
}

/** Whether all lines are comments, and none of them ends what stands above. */
const isComment = (lines: readonly string[]) =>
  lines.every((line) => /^\s*(?:#|\/\/|\/\*|\*|<!--)/.test(line));

/** The same for texts with `\n`; the merged text, or `undefined` when it is a conflict. */
export function mergeTexts(
  ours: string,
  base: string,
  theirs: string,
  closeness?: Closeness,
): string | undefined {
  const labels = { base: '', theirs: '' };
  const [mine, old, other] = [linesOf(ours), linesOf(base), linesOf(theirs)];
  const { kept, hunks } = mergeLines(mine, old, other, labels, closeness);
  return hunks.length > 0 ? undefined : kept.join('\n') + (ours.endsWith('\n') ? '\n' : '');
}

function whole(
  ours: readonly string[],
  base: readonly string[],
  theirs: readonly string[],
): Stretch {
  return {
    kind: 'conflict',
    ours: [0, ours.length],
    base: [0, base.length],
    theirs: [0, theirs.length],
  };
}

/** How many lines at the beginning and at the end both sides of a conflict have in common. */
function shared(
  ours: readonly string[],
  theirs: readonly string[],
): readonly [head: number, tail: number] {
  const shortest = Math.min(ours.length, theirs.length);
  let head = 0;
  while (head < shortest && ours[head] === theirs[head]) head++;
  let tail = 0;
  while (tail < shortest - head && ours.at(-1 - tail) === theirs.at(-1 - tail)) tail++;
  return [head, tail];
}

function markers({ ours, base, theirs }: Hunk, labels: Labels): readonly string[] {
  return [
    '<<<<<<< yours',
    ...ours,
    `||||||| ${labels.base}`,
    ...base,
    '=======',
    ...theirs,
    `>>>>>>> ${labels.theirs}`,
  ];
}

/** The line, counted from 1, of the first conflict marker; `undefined` when there is none. */
export function markerLine(lines: readonly string[]): number | undefined {
  const at = lines.findIndex((line) => /^(?:<{7}|\|{7}|>{7})(?: |$)/.test(line));
  return at === -1 ? undefined : at + 1;
}
