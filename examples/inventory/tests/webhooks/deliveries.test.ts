import { expect, it } from 'vitest';
import { deliveriesWebhook } from '../../app/webhooks/deliveries.ts';
import { useApp } from '../support/app.ts';
import { perform } from '../support/jobs.ts';

const app = useApp();

it('notes what came', async () => {
  const delivery = { id: 'one', event: 'push', payload: { ref: 'main', commits: [] } };
  const { result, log } = await perform(app.context, (run) =>
    deliveriesWebhook.receive(delivery, run),
  );
  expect(result).toEqual({ event: 'push', members: ['ref', 'commits'] });
  expect(log).toEqual(['one push with ref, commits']);
});
