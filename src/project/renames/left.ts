import type { Project } from '../open.ts';
import type { ProjectPlan } from '../project-plan.ts';
import { leftovers } from '../uses/leftovers.ts';

/** As many places as somebody reads. */
const most = 20;

/**
 * Where old names are left in lines of the user, a line for each name.
 * @param words the old names, in the project as it is before the plan is written
 */
export async function leftNotes(
  project: Project,
  plan: ProjectPlan,
  words: readonly string[],
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const word of words) {
    const found = await leftovers(project, plan, word);
    const places = found.map(({ path, line }) => `${path}:${line}`);
    const more = places.length > most ? ` and ${places.length - most} more` : '';
    if (places.length > 0)
      notes.push(`${word} is still written in ${places.slice(0, most).join(', ')}${more}`);
  }
  return notes;
}
