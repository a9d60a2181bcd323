import type { Webhook } from './webhook.ts';
import { deliveriesWebhook } from './deliveries.ts';

/** Every webhook that this project receives. */
export const webhooks: readonly Webhook[] = [
  // one a line
  deliveriesWebhook,
];
