/** A free text; `problem` says in one line what is wrong with an answer, while it is being typed. */
interface TextQuestion {
  readonly kind: 'text';
  readonly message: string;
  readonly default?: string;
  readonly problem?: (answer: string) => string | undefined;
}

/** One of a few words. */
export interface ChoiceQuestion {
  readonly kind: 'choice';
  readonly message: string;
  readonly choices: readonly string[];
  readonly default: string;
}

export type Question = TextQuestion | ChoiceQuestion;

/** What is answered instead of a text by who wants to see the question before this one again. */
export const back: unique symbol = Symbol('back');

/** Puts one question to the user. */
export type Ask = (question: Question) => Promise<string | typeof back>;

/** A conversation: yields questions, is sent the answers, returns what they come to. */
export type Conversation<Result> = Generator<Question, Result, string>;
