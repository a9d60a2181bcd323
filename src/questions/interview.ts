import { back, type Ask, type Conversation } from './question.ts';

/**
 * Holds a conversation. Going back holds it anew with all answers but the last: a conversation has
 * no effects, so that replaying it is the whole of "back", whatever loops it has.
 */
export async function interview<Result>(
  script: () => Conversation<Result>,
  ask: Ask,
): Promise<Result> {
  const answers: string[] = [];
  for (;;) {
    const conversation = script();
    let step = conversation.next();
    for (const answer of answers) step = conversation.next(answer);
    while (step.done !== true) {
      const answer = await ask(step.value);
      if (answer === back) break;
      answers.push(answer);
      step = conversation.next(answer);
    }
    if (step.done === true) return step.value;
    answers.pop();
  }
}
