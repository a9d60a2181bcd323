import type { DynamicPromptsFunction } from 'node-plop';
import { exit, UserError } from '../errors.ts';
import { back, type Ask, type Question } from '../questions/question.ts';

type Inquirer = Parameters<DynamicPromptsFunction>[0];
type PromptConstructor = Parameters<Inquirer['registerPrompt']>[1];

/** What inquirer's text prompt has and its types keep from subclasses of an unknown instance. */
type InputConstructor = new (
  question: unknown,
  readLine: unknown,
  answers: unknown,
) => {
  readonly rl: { readonly line: string };
  readonly status: string;
  readonly opt: { readonly validate?: (answer: string) => unknown };
  render(error?: string): void;
};

/** What is typed to see the question before this one again. */
export const backWord = '<';
const backChoice = '(back)';
const liveText = 'flask-style-text';

/** Puts questions through inquirer. When `signal` is aborted a pending question is exit 130. */
export function createAsk(inquirer: Inquirer, signal?: AbortSignal): Ask {
  inquirer.registerPrompt(liveText, liveInput(inquirer));
  const interrupted = new Promise<never>((_, reject) => {
    const stop = () => reject(new UserError(exit.interrupted, 'interrupted, nothing was written'));
    signal?.addEventListener('abort', stop, { once: true });
  });
  // An interrupt after the last question is not ours: nobody awaits this promise then.
  interrupted.catch(() => undefined);
  return async (question) => {
    // On Ctrl-C inquirer lets go of the keyboard and sends the process a signal: something has to
    // keep the process alive until that arrives.
    const hold = setInterval(() => undefined, 1000);
    try {
      const asked = inquirer.prompt<{ answer: string }>([promptOf(question)]);
      const { answer } = await Promise.race([asked, interrupted]);
      return answer === backWord || answer === backChoice ? back : answer;
    } finally {
      clearInterval(hold);
    }
  };
}

function promptOf(question: Question) {
  if (question.kind === 'choice')
    return {
      type: 'list',
      name: 'answer',
      message: question.message,
      choices: [...question.choices, backChoice],
      default: question.default,
      pageSize: 20,
      loop: false,
    };
  return {
    type: liveText,
    name: 'answer',
    message: `${question.message}:`,
    ...(question.default !== undefined && { default: question.default }),
    filter: (answer: string) => answer.trim(),
    validate: (answer: string) =>
      answer.trim() === backWord || (question.problem?.(answer.trim()) ?? true),
  };
}

/** The text prompt of inquirer, which shows what is wrong with an answer while it is being typed. */
function liveInput(inquirer: Inquirer): PromptConstructor {
  const Input = inquirer.prompt.prompts['input'] as unknown as InputConstructor;
  return class extends Input {
    override render(error?: string): void {
      const { line } = this.rl;
      const verdict = line === '' || this.status === 'answered' ? true : this.opt.validate?.(line);
      super.render(error ?? (typeof verdict === 'string' ? verdict : undefined));
    }
  } as unknown as PromptConstructor;
}
