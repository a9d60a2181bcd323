import { changeProject } from '../../project/change.ts';
import { addFeature, ownForms, removeFeature } from '../../spec/edits/features.ts';
import { changeSpec } from '../change/spec.ts';
import { change } from '../change/run.ts';
import { toolsOf, typed } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `add feature <name>`. */
export async function addOneFeature(run: Run): Promise<number> {
  return changeSpec(run, addFeature);
}

/** `remove feature <name>`. */
export async function removeOneFeature(run: Run): Promise<number> {
  const tools = toolsOf(run);
  const [name = ''] = run.invocation.words;
  return change(run, {
    root: tools.root,
    command: typed(run),
    plan: async (choices) => {
      const plan = await changeProject({
        ...tools,
        ...choices,
        next: (spec) => removeFeature(spec, name),
      });
      const left = name.toLowerCase() === 'forms' ? ownForms(plan.spec) : [];
      if (left.length === 0) return plan;
      const note = `the forms of ${left.join(', ')} stay: "forms" is true there in flask-style.json`;
      return { ...plan, notes: [...plan.notes, note] };
    },
  });
}
