import nodePlop from 'node-plop';
import { interview } from '../questions/interview.ts';
import type { Answers } from '../questions/project.ts';
import type { Conversation } from '../questions/question.ts';
import { backWord, createAsk } from './ask.ts';
import { addGenerators, projectGenerator, type Setting } from './generators.ts';

/** What is said before the first question. */
export const askHint = `${backWord} goes back, Ctrl-C cancels; nothing is written before the last answer.`;

/** Asks at the terminal for what `setting.known` leaves open; an interrupt is exit 130. */
export async function askProjectAtTerminal(setting: Setting): Promise<Answers> {
  const plop = await nodePlop('', { destBasePath: setting.base, force: false });
  addGenerators(plop, setting);
  return (await plop.getGenerator(projectGenerator).runPrompts()) as Answers;
}

/** Holds any conversation at the terminal, about a project in `folder`; an interrupt is exit 130. */
export async function holdAtTerminal<Result>(
  folder: string,
  script: () => Conversation<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const plop = await nodePlop('', { destBasePath: folder, force: false });
  plop.setGenerator('conversation', {
    prompts: async (inquirer) => ({ result: await interview(script, createAsk(inquirer, signal)) }),
    actions: [],
  });
  const { result } = (await plop.getGenerator('conversation').runPrompts()) as { result: Result };
  return result;
}
