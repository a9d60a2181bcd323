import { jobOf, kindOf } from './automation.ts';
import { automations } from './index.ts';

/** Listed in app/jobs.ts. */
export const automationJobs = automations.map(
  (automation) => [kindOf(automation), jobOf(automation)] as const,
);
