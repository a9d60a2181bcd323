import type { Decision, Question } from '../../apply/reconcile/index.ts';
import { askDisputes } from '../../questions/conflicts.ts';
import type { Run } from '../run.ts';
import { showConflicts } from './conflicts.ts';
import type { Choices, Subject } from './run.ts';

/**
 * Asks about each conflict of a plan at the terminal, before the lock of the project is taken: nobody else has to wait
 * for somebody who thinks. Returns the decisions, those that were typed among them.
 */
export async function askConflicts(
  { report, signal }: Run,
  subject: Subject,
  { decisions, takeMoves }: Pick<Choices, 'decisions' | 'takeMoves'>,
): Promise<ReadonlyMap<string, Decision>> {
  const questions: Question[] = [];
  const ask = async (question: Question): Promise<undefined> => {
    questions.push(question);
  };
  await subject.plan({ decisions, takeMoves, conflicts: 'ask', ask });
  if (questions.length === 0) return decisions;
  showConflicts(
    report,
    questions.map(({ change, conflict }) => ({ ...change, conflict })),
  );
  const disputes = questions.map(({ change: { path }, conflict: { reason }, answers }) => ({
    path,
    reason,
    answers,
  }));
  const { askHint, holdAtTerminal } = await import('../../plop/session.ts');
  report.line(askHint);
  const answers = await holdAtTerminal(subject.root, () => askDisputes(disputes), signal);
  const known = new Map(questions.map(({ change, answers: own }) => [change.path, own] as const));
  const taken = [...answers].flatMap(([path, answer]) => {
    const decision = known.get(path)?.find((one) => one === answer);
    return decision === undefined ? [] : [[path, decision] as const];
  });
  return new Map([...decisions, ...taken]);
}
