import { describe } from 'vitest';
import { webhookSubscription } from '../app/models/webhook-subscription.ts';
import { conformance } from './support/conformance/index.ts';

/** A deployment shows its subscriptions to operators only. */
describe.skipIf((process.env['DEPLOYMENT_URL'] ?? '') !== '')('subscriptions', () => {
  conformance(webhookSubscription, { sample: () => ({ events: ['*'] }) });
});
