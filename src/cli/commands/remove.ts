import { changeProject } from '../../project/change.ts';
import { planFieldRemoval } from '../../project/remove.ts';
import { removePage } from '../../spec/edits/pages.ts';
import { removeResource } from '../../spec/edits/resources.ts';
import { change } from '../change/run.ts';
import { toolsOf, typed } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `remove resource <name>`. */
export async function removeOneResource(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [name = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) =>
      changeProject({ ...tools, ...choices, next: (spec) => removeResource(spec, name) }),
  });
}

/** `remove field <resource> <name>`. */
export async function removeOneField(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [resource = '', field = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) => planFieldRemoval({ ...tools, ...choices }, resource, field),
  });
}

/** `remove page <name>`. */
export async function removeOnePage(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [name = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) =>
      changeProject({ ...tools, ...choices, next: (spec) => removePage(spec, name) }),
  });
}
