import type { JobKind } from './jobs/job.ts';
import { automationJobs } from './automations/jobs.ts';
import { webhookJobs } from './webhooks/jobs.ts';

/** Every kind of job that this process can do, by the name that its jobs carry. */
export const jobKinds: ReadonlyMap<string, JobKind> = new Map<string, JobKind>([
  // one a line
  ...automationJobs,
  ...webhookJobs,
]);
