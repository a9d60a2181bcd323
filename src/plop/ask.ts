import type { DynamicPromptsFunction } from 'node-plop';
import { exit, UserError } from '../errors.ts';
import { back, type Ask, type Question } from '../questions/question.ts';

type Inquirer = Parameters<DynamicPromptsFunction>[0];
type PromptConstructor = Parameters<Inquirer['registerPrompt']>[1];

/** The line at which something is asked, which inquirer's types keep to itself. */
interface Line {
  readonly line: string;
  readonly output: { readonly rows?: number; unmute(): void; write(text: string): void };
  on(event: 'close' | 'SIGINT', listener: () => void): unknown;
  off(event: 'SIGINT', listener: () => void): unknown;
  close(): void;
}

/** What holds the line, and what it does on Ctrl-C and at the end of the process: it sends a signal. */
interface Holder {
  readonly rl: Line;
  readonly onForceClose: () => void;
}

/** What inquirer's prompts have and its types keep from subclasses of an unknown instance. */
type Construct<Instance> = new (question: unknown, line: Line, answers: unknown) => Instance;
interface Input {
  readonly rl: Line;
  readonly status: string;
  readonly opt: { readonly validate?: (answer: string) => unknown };
  render(error?: string): void;
}
interface List {
  readonly opt: { pageSize: number };
}

/** What is typed to see the question before this one again. */
export const backWord = '<';
const backChoice = '(back)';
const liveText = 'flask-style-text';
const fittingList = 'flask-style-list';

/**
 * Puts questions through inquirer. When `signal` is aborted, on Ctrl-C and on Ctrl-D, a pending question is exit 130.
 */
export function createAsk(inquirer: Inquirer, signal?: AbortSignal): Ask {
  inquirer.registerPrompt(liveText, liveInput(inquirer));
  inquirer.registerPrompt(fittingList, listOnScreen(inquirer));
  return async (question) => {
    const asked = inquirer.prompt<{ answer: string }>([promptOf(question)]);
    const left = leaving(asked.ui as unknown as Holder, signal);
    try {
      const { answer } = await Promise.race([asked, left.early]);
      return answer === backWord || answer === backChoice ? back : answer;
    } finally {
      left.over();
    }
  };
}

const showCursor = '\x1B[?25h';

/** Rejects `early` when a question is left without an answer, with the terminal as it was before; `over` ends that. */
function leaving({ rl, onForceClose }: Holder, signal: AbortSignal | undefined) {
  let open = true;
  let leave = () => {};
  const over = () => {
    open = false;
    signal?.removeEventListener('abort', leave);
  };
  const early = new Promise<never>((_, reject) => {
    leave = () => {
      if (!open) return;
      over();
      process.off('exit', onForceClose);
      // A list hides it, and keeps what is written to itself.
      rl.output.unmute();
      rl.output.write(`${showCursor}\n`);
      rl.close();
      reject(new UserError(exit.interrupted, 'interrupted, nothing was written'));
    };
    rl.off('SIGINT', onForceClose);
    rl.on('SIGINT', leave);
    // The line closes behind an answer as well: that one is first.
    rl.on('close', () => setImmediate(leave));
    signal?.addEventListener('abort', leave);
    if (signal?.aborted) leave();
  });
  return { early, over };
}

function promptOf(question: Question) {
  if (question.kind === 'choice')
    return {
      type: fittingList,
      name: 'answer',
      message: question.message,
      choices: [...question.choices, backChoice],
      default: question.default,
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
  const Input = inquirer.prompt.prompts['input'] as unknown as Construct<Input>;
  return class extends Input {
    override render(error?: string): void {
      const { line } = this.rl;
      const verdict = line === '' || this.status === 'answered' ? true : this.opt.validate?.(line);
      super.render(error ?? (typeof verdict === 'string' ? verdict : undefined));
    }
  } as unknown as PromptConstructor;
}

/** The list of inquirer, no longer than the screen: it would be drawn anew below itself at each key. */
function listOnScreen(inquirer: Inquirer): PromptConstructor {
  const List = inquirer.prompt.prompts['list'] as unknown as Construct<List>;
  return class extends List {
    constructor(question: unknown, line: Line, answers: unknown) {
      super(question, line, answers);
      // The question and a remark on what is not shown take rows as well.
      this.opt.pageSize = Math.max(3, Math.min(20, (line.output.rows ?? 24) - 4));
    }
  } as unknown as PromptConstructor;
}
