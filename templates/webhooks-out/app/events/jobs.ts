import { deliveryKind, sendDelivery } from './delivery.ts';
import { outboxJob, outboxKind } from './outbox.ts';

/** Listed in app/jobs.ts. */
export const eventJobs = [
  [outboxKind, outboxJob],
  [deliveryKind, sendDelivery],
] as const;
