import { expect, it } from 'vitest';
import { reorderReportAutomation } from '../../app/automations/reorder-report.ts';
import { useApp } from '../support/app.ts';
import { perform } from '../support/jobs.ts';

const app = useApp();

it('lists the parts below their minimum, by number', async () => {
  for (const [number, stock, minimum] of [
    ['B', 3, 10],
    ['A', 0, 1],
    ['C', 5, 5],
  ] as const)
    await app.api.post('/api/parts', { name: `Part ${number}`, number, stock, minimum });
  const { result, log } = await perform(app.context, (run) => reorderReportAutomation.run(run));
  expect(result).toEqual({ parts: ['A', 'B'] });
  expect(log).toEqual(['A Part A: 0 of at least 1', 'B Part B: 3 of at least 10']);
});
