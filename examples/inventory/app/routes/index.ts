import type { Blueprint } from '../core/blueprint.ts';
import type { Site } from '../site.ts';
import { automationRoutes } from './automations.ts';
import { forms } from './forms.ts';
import { movementRoutes } from './movements.ts';
import { pages } from './pages.ts';
import { partRoutes } from './parts.ts';
import { placeRoutes } from './places.ts';
import { runRoutes } from './runs.ts';
import { supplierRoutes } from './suppliers.ts';
import { webhookReceivers } from './webhooks.ts';

/** The table of contents: every blueprint of this project, mounted under /api in this order. */
export const blueprints: readonly Blueprint[] = [
  // one a line
  automationRoutes,
  movementRoutes,
  partRoutes,
  placeRoutes,
  runRoutes,
  supplierRoutes,
];

/** What answers outside /api. */
export const sites: readonly Site[] = [
  // one a line
  pages,
  forms,
  webhookReceivers,
];
