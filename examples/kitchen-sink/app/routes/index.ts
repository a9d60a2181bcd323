import type { Blueprint } from '../core/blueprint.ts';
import type { Site } from '../site.ts';
import { classRoutes } from './classes.ts';
import { dateRoutes } from './dates.ts';
import { newsRoutes } from './news.ts';
import { nodeRoutes } from './nodes.ts';
import { orderItemRoutes } from './order-items.ts';
import { pages } from './pages.ts';
import { personRoutes } from './people.ts';
import { specimenRoutes } from './specimen.ts';

/** The table of contents: every blueprint of this project, mounted under /api in this order. */
export const blueprints: readonly Blueprint[] = [
  // one a line
  classRoutes,
  dateRoutes,
  newsRoutes,
  nodeRoutes,
  orderItemRoutes,
  personRoutes,
  specimenRoutes,
];

/** What answers outside /api. */
export const sites: readonly Site[] = [
  // one a line
  pages,
];
