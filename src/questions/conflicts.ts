import type { Conversation } from './question.ts';

/** A path that a plan cannot decide, and what may be answered. */
export interface Dispute {
  readonly path: string;
  readonly reason: string;
  readonly answers: readonly string[];
}

/** What each answer does, in the words of the list. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['ours', 'ours: keep mine'],
  ['theirs', 'theirs: take what is generated'],
  ['delete', 'delete: let it go'],
  ['restore', 'restore: create it again'],
]);

/** The questions for the conflicts of a plan, one a path; returns the decision of each. */
export function* askDisputes(
  disputes: readonly Dispute[],
): Conversation<ReadonlyMap<string, string>> {
  const decisions = new Map<string, string>();
  for (const { path, reason, answers } of disputes) {
    const choices = answers.map((answer) => meanings.get(answer) ?? answer);
    const answer = yield {
      kind: 'choice',
      message: `${path}: ${reason}`,
      choices,
      default: choices[0] ?? '',
    };
    decisions.set(path, answers[choices.indexOf(answer)] ?? answer);
  }
  return decisions;
}
