// The alerts of this project, a row each. Numbers a rule can look at: `Reading` in readings.ts. ALERT_RULES says it in other
// numbers for one deployment.
import type { Rule } from './alerts.ts';

/** A rule fires when its value has been above the threshold for so long, and is over when it has not been for as long. */
export const rules: readonly Rule[] = [
  {
    key: 'database',
    name: 'Database does not answer',
    value: ({ database }) => Number(database.down),
    above: 0,
    forSeconds: 10,
    severity: 'critical',
  },
  {
    key: 'failures',
    name: 'Share of requests that fail',
    value: ({ requests }) => requests.failed,
    above: 0.05,
    forSeconds: 30,
    severity: 'critical',
  },
  {
    key: 'p95',
    name: 'Seconds until 95 % of requests are answered',
    value: ({ requests }) => requests.p95,
    above: 1,
    forSeconds: 60,
    severity: 'warning',
  },
  {
    key: 'waiting',
    name: 'Operations that wait for a database connection',
    value: ({ poolWaiting }) => poolWaiting,
    above: 20,
    forSeconds: 30,
    severity: 'warning',
  },
  {
    key: 'eventloop',
    name: 'Seconds that the event loop is late',
    value: ({ eventLoopDelay }) => eventLoopDelay,
    above: 0.2,
    forSeconds: 30,
    severity: 'warning',
  },
  {
    key: 'memory',
    name: 'Bytes of memory in use',
    value: ({ residentBytes }) => residentBytes,
    above: 1_000_000_000,
    forSeconds: 120,
    severity: 'warning',
  },
];
