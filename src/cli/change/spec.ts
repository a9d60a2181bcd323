import { changeProject } from '../../project/change.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Run } from '../run.ts';
import { change } from './run.ts';
import { toolsOf, typed } from './tools.ts';

/** A command that is an edit of the spec and nothing more; its one word is the name of what is meant. */
export async function changeSpec(
  run: Run,
  edit: (spec: Spec, name: string) => Spec,
): Promise<number> {
  const tools = toolsOf(run);
  const [name = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) => changeProject({ ...tools, ...choices, next: (spec) => edit(spec, name) }),
  });
}
