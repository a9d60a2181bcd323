import { openProject, type Project, type Tools } from '../open.ts';
import { planOf, type ProjectPlan } from '../project-plan.ts';
import { leftovers } from '../uses/leftovers.ts';

/** As many places as somebody reads. */
const most = 20;

/**
 * A plan that says where old names are left in lines of the user.
 * @param words the old names, in the project as it is before the plan is written
 */
export async function withLeftovers(
  tools: Tools,
  plan: ProjectPlan,
  words: (project: Project) => readonly string[],
): Promise<ProjectPlan> {
  const project = await openProject(tools);
  const notes: string[] = [];
  for (const word of words(project)) {
    const found = await leftovers(project, plan, word);
    const places = found.map(({ path, line }) => `${path}:${line}`);
    const more = places.length > most ? ` and ${places.length - most} more` : '';
    if (places.length > 0)
      notes.push(`${word} is still written in ${places.slice(0, most).join(', ')}${more}`);
  }
  return planOf(plan.changes, plan.spec, [...plan.notes, ...notes], plan.marked);
}
