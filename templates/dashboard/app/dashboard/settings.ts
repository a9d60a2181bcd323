import * as z from 'zod';
import { secret } from '../ops/variables.ts';
import { rules } from './rules.ts';
import { tuningOf } from './tuning.ts';

/** When somebody is to be told, where alerts are sent to, and what they are signed with. */
export const alertVariables = {
  ALERT_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .optional(),
  ALERT_WEBHOOK_SECRET: secret.optional(),
  ALERT_RULES: tuningOf(rules).optional(),
};
