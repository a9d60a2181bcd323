import { automation } from './automation.ts';
import { part, type Part } from '../models/part.ts';

export const reorderReportAutomation = automation({
  name: 'reorder-report',
  description: 'Which parts are below their minimum.',
  every: '1d',
  /** One line in the log of the run for each part that has to be ordered. */
  async run({ context, signal, log }) {
    const { queryMs: maxTimeMS } = context.config.limits;
    const low = await context.db
      .collection<Part>(part.collection)
      .find({ $expr: { $lt: ['$stock', '$minimum'] } }, { maxTimeMS, sort: { number: 1 } })
      .toArray();
    for (const { number, name, stock, minimum = 0 } of low) {
      signal.throwIfAborted();
      await log(`${number} ${name}: ${stock} of at least ${minimum}`);
    }
    return { parts: low.map(({ number }) => number) };
  },
});
