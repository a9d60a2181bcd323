import { productionSecret } from '../ops/variables.ts';

/** What the senders of webhooks sign with; read as `config.variables`. */
export const webhookSettings = {
  // one a line
  WEBHOOK_DELIVERIES_SECRET: productionSecret,
};
