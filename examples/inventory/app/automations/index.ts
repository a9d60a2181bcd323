import type { Automation } from './automation.ts';
import { reorderReportAutomation } from './reorder-report.ts';

/** Every automation of this project. */
export const automations: readonly Automation[] = [
  // one a line
  reorderReportAutomation,
];
