import type { ZodType } from 'zod';
import { alertVariables } from './dashboard/settings.ts';
import { formVariables } from './forms/settings.ts';

/** The variables of the environment that features read; config.ts parses them with its own. */
export const featureVariables = {
  // one a line
  ...alertVariables,
  ...formVariables,
} satisfies Record<string, ZodType>;
