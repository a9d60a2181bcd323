import type { Worker } from './ops/process.ts';

/** What runs beside the requests, once the process is ready. */
export const workers: readonly Worker[] = [
  // one a line
];
