import { whole } from '../ops/variables.ts';

/** How jobs run; read as `config.variables`. */
export const jobSettings = {
  /** Jobs that this process runs at a time; 0 leaves them to other processes. */
  JOB_SLOTS: whole(0, 100).default(10),
  /** The pause before the second try of a job; each further one is four times as long. */
  JOB_RETRY_MS: whole(1, 3_600_000).default(5_000),
};
