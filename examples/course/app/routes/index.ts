import type { Blueprint } from '../core/blueprint.ts';
import type { Site } from '../site.ts';
import { dataRoutes } from './data.ts';
import { hello } from './hello.ts';
import { lessonRoutes } from './lessons.ts';
import { pages } from './pages.ts';
import { userRoutes } from './users.ts';

/** The table of contents: every blueprint of this project, mounted under /api in this order. */
export const blueprints: readonly Blueprint[] = [
  // one a line
  dataRoutes,
  lessonRoutes,
  userRoutes,
];

/** What answers outside /api. */
export const sites: readonly Site[] = [
  // one a line
  pages,
  hello,
];
