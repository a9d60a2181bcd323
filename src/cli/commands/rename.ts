import { planFieldRenames } from '../../project/renames/fields.ts';
import { planResourceRename } from '../../project/renames/resource.ts';
import { renameField } from '../../spec/edits/fields.ts';
import { renameResource } from '../../spec/edits/resources.ts';
import { change } from '../change/run.ts';
import { toolsOf, typed } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `rename resource <old> <new>`. */
export async function renameOneResource(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [from = '', to = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) => planResourceRename({ ...tools, ...choices }, from, to),
    renamed: (before) => renameResource(before, from, to),
  });
}

/** `rename field <resource> <old> <new>`. */
export async function renameOneField(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [resource = '', from = '', to = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: (choices) => planFieldRenames({ ...tools, ...choices }, [{ resource, from, to }]),
    renamed: (before) => renameField(before, resource, from, to),
  });
}
