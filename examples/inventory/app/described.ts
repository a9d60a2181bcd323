import type { Described } from './core/openapi-described.ts';
import { describedAutomations } from './automations/described.ts';
import { describedRuns } from './jobs/described.ts';
import { describedWebhooks } from './webhooks/described.ts';

/** What answers beside the resources, for openapi.json. */
export const described: readonly Described[] = [
  // one a line
  describedAutomations,
  describedRuns,
  describedWebhooks,
];
