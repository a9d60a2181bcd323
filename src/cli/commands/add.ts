import { exit, UserError } from '../../errors.ts';
import { changeProject } from '../../project/change.ts';
import { openProject, type Tools } from '../../project/open.ts';
import { addFields } from '../../spec/edits/fields.ts';
import { addPage } from '../../spec/edits/pages.ts';
import { addResource } from '../../spec/edits/resources.ts';
import { resourceNames } from '../../spec/names.ts';
import { change } from '../change/run.ts';
import { toolsOf, typed } from '../change/tools.ts';
import type { Run } from '../run.ts';
import { addBeside, foreignProject } from './beside.ts';

/** `add resource <name> [field ...]`: without fields they are asked for at a terminal. */
export async function addNewResource(run: Run): Promise<number> {
  const [name = '', ...words] = run.invocation.words;
  const foreign = await foreignProject(run);
  if (foreign !== undefined) {
    if (words.length === 0) throw noFields(name);
    return addBeside(run, foreign, name, words);
  }
  const tools = toolsOf(run);
  const fields = words.length > 0 ? words : await askedFields(name, run, tools);
  return change(run, {
    root: tools.root,
    command: ['add resource', name, ...fields].join(' '),
    plan: (choices) =>
      changeProject({
        ...tools,
        ...choices,
        next: (spec) => addResource(spec, { name, fields }),
      }),
  });
}

/** `add field <resource> <field ...> [--after <field>]`. */
export async function addNewFields(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [resource = '', ...fields] = run.invocation.words;
  const after = run.invocation.given.get('after');
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) =>
      changeProject({
        ...tools,
        ...choices,
        next: (spec) =>
          addFields(spec, resource, fields, typeof after === 'string' ? after : undefined),
      }),
  });
}

/** `add page <name>`. */
export async function addNewPage(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [name = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) => changeProject({ ...tools, ...choices, next: (spec) => addPage(spec, name) }),
  });
}

async function askedFields(
  name: string,
  { report, signal }: Run,
  tools: Tools,
): Promise<readonly string[]> {
  if (!report.interactive) throw noFields(name);
  const { singular } = resourceNames(name);
  const { spec } = await openProject(tools);
  // Before the first question: nobody should answer ten of them for a resource that is there.
  if (Object.hasOwn(spec.resources, singular))
    throw new UserError(
      exit.usage,
      `there is a resource ${singular} already`,
      `add field ${singular} <field ...>`,
    );
  const known = [...Object.keys(spec.resources), singular];
  const [{ askHint, holdAtTerminal }, { askFields }] = await Promise.all([
    import('../../plop/session.ts'),
    import('../../questions/fields.ts'),
  ]);
  report.line(askHint);
  return holdAtTerminal(tools.root, () => askFields(singular, known), signal);
}

function noFields(name: string): UserError {
  return new UserError(
    exit.usage,
    `the fields of ${name} cannot be asked for here: [field ...] is missing`,
    `add resource ${name} name:string:required`,
  );
}
