import { formPages } from '../forms/index.ts';
import { people } from '../services/people.ts';
import { projects } from '../services/projects.ts';
import { tasks } from '../services/tasks.ts';

/** The services whose documents have pages under /forms. */
export const forms = formPages([
  // one a line
  people,
  projects,
  tasks,
]);
