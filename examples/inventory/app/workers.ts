import type { Worker } from './ops/process.ts';
import { jobWorker } from './jobs/worker.ts';

/** What runs beside the requests, once the process is ready. */
export const workers: readonly Worker[] = [
  // one a line
  jobWorker,
];
