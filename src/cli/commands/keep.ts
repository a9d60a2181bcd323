import { adoptPlan } from '../../project/adopt.ts';
import { ejectPlan } from '../../project/eject.ts';
import { resolvePlan } from '../../project/resolve.ts';
import { change } from '../change/run.ts';
import { toolsOf } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `resolve`: ends a merge whose markers are gone, and offers again what was skipped. */
export async function resolve(run: Run): Promise<number> {
  const tools = toolsOf(run);
  return change(run, {
    root: tools.root,
    command: 'resolve',
    plan: (choices) => resolvePlan({ ...tools, ...choices }),
  });
}

/** `adopt`: makes `.flask-style/` anew. */
export async function adopt(run: Run): Promise<number> {
  const tools = toolsOf(run);
  return change(run, {
    root: tools.root,
    command: 'adopt',
    plan: async () => {
      const { edited, missing, behind, ...plan } = await adoptPlan(tools);
      const notes = [
        ...edited.map((path) => `${path} is not as it would be emitted: taken for your edit`),
        ...missing.map((path) => `${path} is not there: it stays so`),
        ...behind.map((path) => `${path} lacks what the other branch brought: apply adds it`),
      ];
      return { ...plan, notes: [...plan.notes, ...notes] };
    },
  });
}

/** `eject`: deletes `.flask-style/` and with it what could be undone; everything else stays. */
export async function eject(run: Run): Promise<number> {
  const { root } = toolsOf(run);
  return change(run, {
    root,
    command: 'eject',
    forgets: true,
    plan: async () => {
      const plan = await ejectPlan(root);
      if (plan.changes.length === 0) return plan;
      return {
        ...plan,
        notes: [...plan.notes, 'nothing can be undone after this; adopt begins anew'],
      };
    },
  });
}
