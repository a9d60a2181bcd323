import { z } from 'zod';
import { secret } from '../ops/variables.ts';

/** Where alerts are sent to, and what they are signed with. */
export const alertVariables = {
  ALERT_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .optional(),
  ALERT_WEBHOOK_SECRET: secret.optional(),
};
