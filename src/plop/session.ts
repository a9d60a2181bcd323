import nodePlop from 'node-plop';
import type { Answers } from '../questions/project.ts';
import { backWord } from './ask.ts';
import { addGenerators, projectGenerator, type Setting } from './generators.ts';

/** What is said before the first question. */
export const askHint = `${backWord} goes back, Ctrl-C cancels; nothing is written before the last answer.`;

/** Asks at the terminal for what `setting.known` leaves open; an interrupt is exit 130. */
export async function askProjectAtTerminal(setting: Setting): Promise<Answers> {
  const plop = await nodePlop('', { destBasePath: setting.base, force: false });
  addGenerators(plop, setting);
  return (await plop.getGenerator(projectGenerator).runPrompts()) as Answers;
}
