import type { Blueprint } from '../core/blueprint.ts';
import type { Site } from '../site.ts';
import { noteRoutes } from './notes.ts';

/** The table of contents: every blueprint of this project, mounted under /api in this order. */
export const blueprints: readonly Blueprint[] = [
  // one a line
  noteRoutes,
];

/** What answers outside /api. */
export const sites: readonly Site[] = [
  // one a line
];
