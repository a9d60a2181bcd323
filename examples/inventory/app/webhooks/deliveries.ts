import { webhook } from './webhook.ts';

export const deliveriesWebhook = webhook({
  name: 'deliveries',
  scheme: 'standard',
  secret: (variables) => variables.WEBHOOK_DELIVERIES_SECRET,
  /** Notes what came. Put your own work in its place: start a build, tell somebody. */
  async receive({ id, event, payload }, { log }) {
    const members = typeof payload === 'object' && payload !== null ? Object.keys(payload) : [];
    await log(`${id} ${event} with ${members.join(', ')}`);
    return { event, members };
  },
});
