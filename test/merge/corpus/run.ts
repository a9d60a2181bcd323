import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emittedStyle, mergeFile, styleOf, type MergeResult } from '../../../src/merge/index.ts';
import { mergePolicyOf } from '../../../src/plan/policy.ts';
import { codeSubjects } from './code.ts';
import { dataSubjects } from './data.ts';
import { changes, userEdits, type Edit } from './edits.ts';
import { brokenWith } from './judge.ts';
import type { Subject } from './subject.ts';

const bookshop = join(import.meta.dirname, '../../../examples/bookshop');

export const subjects: readonly Subject[] = [...codeSubjects, ...dataSubjects];

/** One merge of the corpus. */
export interface Case {
  readonly subject: Subject;
  readonly edit: string;
  readonly change: string;
  /** Both sides changed the same thing: to be a conflict is right, to be clean is not wrong. */
  readonly collides: boolean;
  readonly ours: Edit;
  readonly theirs: Edit;
  readonly base: string;
  readonly result: MergeResult;
  /** What a clean merge did wrong. */
  readonly faults: readonly string[];
}

/** Runs every applicable combination, or of each file every `step`-th, from another one on for each file. */
export async function runCorpus(
  step = 1,
  only?: (subject: Subject) => boolean,
  edits: readonly string[] = Object.keys(userEdits),
  changing: readonly string[] = Object.keys(changes),
): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const [offset, subject] of subjects.entries()) {
    if (only?.(subject) === false) continue;
    const base = await readFile(join(bookshop, subject.path), 'utf8');
    let at = offset;
    for (const edit of edits) {
      const ours = await userEdits[edit]?.(subject, base);
      if (ours === undefined) continue;
      for (const change of changing) {
        if (at++ % step !== 0) continue;
        const theirs = await changes[change]?.(subject, base);
        if (theirs !== undefined)
          cases.push(await runCase(subject, edit, change, base, ours, theirs));
      }
    }
  }
  return cases;
}

async function runCase(
  subject: Subject,
  edit: string,
  change: string,
  base: string,
  ours: Edit,
  theirs: Edit,
): Promise<Case> {
  const { path } = subject;
  const bytes = (text: string) => new TextEncoder().encode(text);
  const style =
    ours.prettierrc === undefined
      ? ours.unsaid === true
        ? await styleOf(new Map())
        : emittedStyle
      : await styleOf(new Map([['.prettierrc', bytes(JSON.stringify(ours.prettierrc))]]));
  const result = await mergeFile({
    path,
    policy: mergePolicyOf(path),
    base: bytes(base),
    ours: bytes(ours.text),
    theirs: bytes(theirs.text),
    style,
    labels: { base: 'last generated 0.1.0', theirs: 'generator 0.2.0' },
  });
  const overlap = (a: string, b: string) => a.includes(b) || b.includes(a);
  const collides = ours.touches.some((mine) =>
    theirs.touches.some((other) => overlap(mine, other)),
  );
  const one = { subject, edit, change, collides, ours, theirs, base, result };
  return { ...one, faults: result.kind === 'clean' ? brokenWith(one, result.content) : [] };
}
