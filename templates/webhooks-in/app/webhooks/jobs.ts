import { webhooks } from './index.ts';
import { jobOf, kindOf } from './webhook.ts';

/** Listed in app/jobs.ts. */
export const webhookJobs = webhooks.map((webhook) => [kindOf(webhook), jobOf(webhook)] as const);
