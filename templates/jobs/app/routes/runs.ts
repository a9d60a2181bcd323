import { Router, type Request } from 'express';
import type { ObjectId } from 'mongodb';
import { blueprint } from '../core/blueprint.ts';
import { crud } from '../core/crud.ts';
import { answering, list, read } from '../core/handlers.ts';
import { isObjectId } from '../core/checks.ts';
import { problem } from '../core/problems.ts';
import { cancel, retry } from '../jobs/queue.ts';
import { run } from '../jobs/job.ts';
import { runAnswer } from '../jobs/answer.ts';
import { opsOnly } from '../ops/headers.ts';

/** What became of jobs: automations, and what webhooks brought or send. In production for operators only. */
export const runRoutes = blueprint(
  '/runs',
  (context) => {
    const runs = crud(context, run);
    const existing = async ({ params }: Request): Promise<ObjectId> => {
      const id = String(params.id);
      if (!isObjectId(id)) throw problem('not_found');
      return (await runs.read(id))._id;
    };
    return Router()
      .get('/', list(runs))
      .get('/:id', read(runs))
      .post(
        '/:id/cancel',
        answering(async (req) => runAnswer(runs, await cancel(context, await existing(req)))),
      )
      .post(
        '/:id/retry',
        answering(async (req) => runAnswer(runs, await retry(context, await existing(req)))),
      );
  },
  ({ config }) => opsOnly(config),
);
