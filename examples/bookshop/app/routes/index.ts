import type { Blueprint } from '../core/blueprint.ts';
import type { Site } from '../site.ts';
import { authorRoutes } from './authors.ts';
import { bookRoutes } from './books.ts';
import { categoryRoutes } from './categories.ts';
import { customerRoutes } from './customers.ts';
import { orderRoutes } from './orders.ts';
import { pages } from './pages.ts';

/** The table of contents: every blueprint of this project, mounted under /api in this order. */
export const blueprints: readonly Blueprint[] = [
  // one a line
  authorRoutes,
  bookRoutes,
  categoryRoutes,
  customerRoutes,
  orderRoutes,
];

/** What answers outside /api. */
export const sites: readonly Site[] = [
  // one a line
  pages,
];
