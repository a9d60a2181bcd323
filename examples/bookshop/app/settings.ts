import type { ZodType } from 'zod';

/** The variables of the environment that features read; config.ts parses them with its own. */
export const featureVariables = {
  // one a line
} satisfies Record<string, ZodType>;
