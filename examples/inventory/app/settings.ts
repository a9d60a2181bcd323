import type { ZodType } from 'zod';
import { formVariables } from './forms/settings.ts';
import { jobSettings } from './jobs/settings.ts';
import { webhookSettings } from './webhooks/settings.ts';

/** The variables of the environment that features read; config.ts parses them with its own. */
export const featureVariables = {
  // one a line
  ...formVariables,
  ...jobSettings,
  ...webhookSettings,
} satisfies Record<string, ZodType>;
