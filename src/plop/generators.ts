import { resolve } from 'node:path';
import type { NodePlopAPI } from 'node-plop';
import { commit } from '../apply/commit.ts';
import { refuseConflicts } from '../apply/reconcile.ts';
import { planNew } from '../project/create.ts';
import { interview } from '../questions/interview.ts';
import { askProject, problemOf, type Answers, type Known } from '../questions/project.ts';
import { buildSpec } from '../spec/build.ts';
import type { Spec } from '../spec/schema.ts';
import { createAsk } from './ask.ts';

/** Where a generator works, with what, and what it need not ask for. */
export interface Setting {
  /** The folder that relative paths start from. */
  readonly base: string;
  /** Our templates. */
  readonly templates: string;
  /** A folder of templates that take the place of ours, by path; relative to `base`. */
  readonly overrides: string | undefined;
  readonly generator: { readonly name: string; readonly version: string };
  readonly known: Known;
  /** The folder and the name that a typed folder stands for; refuses those that cannot be. */
  readonly target: (dir: string) => { readonly root: string; readonly name: string };
  readonly signal?: AbortSignal;
}

export const projectGenerator = 'flask-style-api';
const writeStep = 'flask-style-api:write';

/**
 * Registers the generator of a new project and the step that writes it. Plop asks and runs the
 * step; the files go to the disk through `commit`, all of them or none.
 */
export function addGenerators(plop: NodePlopAPI, setting: Setting): void {
  const { known, target, signal } = setting;
  const folderProblem = (dir: string) => problemOf(() => void target(dir));
  plop.setActionType(writeStep, async (answers) => write(answers as Answers, setting));
  plop.setGenerator(projectGenerator, {
    description: 'a REST API on Express 5 and MongoDB in the layout that Flask people know',
    prompts: async (inquirer) =>
      interview(() => askProject({ ...known, folderProblem }), createAsk(inquirer, signal)),
    actions: () => [{ type: writeStep }],
  });
}

async function write(answers: Answers, setting: Setting): Promise<string> {
  const { root, spec } = specOf(answers, setting);
  const { changes } = await planNew({
    root,
    spec,
    templates: setting.templates,
    ...(setting.overrides !== undefined && {
      overrides: resolve(setting.base, setting.overrides),
    }),
    generator: setting.generator,
  });
  refuseConflicts(changes);
  await commit(root, changes, setting.signal === undefined ? {} : { signal: setting.signal });
  return `${changes.length} files in ${root}`;
}

function specOf(answers: Answers, { target }: Setting): { root: string; spec: Spec } {
  const { root, name } = target(answers.dir);
  const { pm: packageManager, pages, resources } = answers;
  return {
    root,
    spec: buildSpec({ name, packageManager, database: 'embedded', pages, features: [] }, resources),
  };
}
