import type { Blueprint } from '../core/blueprint.ts';
import type { Site } from '../site.ts';
import { dashboard } from './dashboard.ts';
import { forms } from './forms.ts';
import { pages } from './pages.ts';
import { personRoutes } from './people.ts';
import { projectRoutes } from './projects.ts';
import { taskRoutes } from './tasks.ts';

/** The table of contents: every blueprint of this project, mounted under /api in this order. */
export const blueprints: readonly Blueprint[] = [
  // one a line
  personRoutes,
  projectRoutes,
  taskRoutes,
];

/** What answers outside /api. */
export const sites: readonly Site[] = [
  // one a line
  dashboard,
  pages,
  forms,
];
