import { exit, UserError } from '../../errors.ts';
import { changeProject } from '../../project/change.ts';
import { planFieldRenames, type FieldWords } from '../../project/renames/fields.ts';
import { planUpdate } from '../../project/update.ts';
import { renameField } from '../../spec/edits/fields.ts';
import { quote } from '../../spec/names.ts';
import { change } from '../change/run.ts';
import { toolsOf } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `apply [--rename <resource>.<old>=<new>]`: what the edited flask-style.json says. */
export async function apply(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const renames = (run.invocation.repeated.get('rename') ?? []).map(wordsOf);
  return change(run, {
    root: tools.root,
    command: 'apply',
    plan: (choices) =>
      renames.length === 0
        ? changeProject({ ...tools, ...choices, next: (spec) => spec })
        : planFieldRenames({ ...tools, ...choices }, renames),
    renamed: (before) =>
      renames.reduce(
        (spec, { resource, from, to }) => renameField(spec, resource, from, to),
        before,
      ),
  });
}

/** `update`: the same spec with the templates of this version. */
export async function update(run: Run): Promise<number> {
  const tools = toolsOf(run);
  return change(run, {
    root: tools.root,
    command: 'update',
    plan: (choices) => planUpdate({ ...tools, ...choices }),
  });
}

function wordsOf(text: string): FieldWords {
  const found = /^([^.=]+)\.([^=]+)=([^=]+)$/.exec(text);
  if (found === null)
    throw new UserError(
      exit.usage,
      `--rename ${quote(text)} is not <resource>.<old>=<new>`,
      'write --rename product.title=name',
    );
  const [, resource = '', from = '', to = ''] = found;
  return { resource, from, to };
}
