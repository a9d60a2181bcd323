import type { Described } from '../core/openapi-described.ts';
import { runModel } from './model.ts';

/** /api/runs; listed in app/described.ts. */
export const describedRuns: Described = {
  models: [runModel],
  paths: ({ reading, begin, id }) => {
    const tags = [runModel.plural];
    const parameters = [id('id')];
    return {
      ...reading(runModel.name),
      '/api/runs/{id}/cancel': {
        parameters,
        post: begin(
          runModel.name,
          { tags, operationId: 'cancelRun', summary: 'Cancel a run, or ask a running one to end' },
          404,
          409,
        ),
      },
      '/api/runs/{id}/retry': {
        parameters,
        post: begin(
          runModel.name,
          { tags, operationId: 'retryRun', summary: 'Start a run anew that is over' },
          404,
          409,
        ),
      },
    };
  },
};
