import { Router, type Request } from 'express';
import { listAnswer } from '../core/answers.ts';
import { blueprint } from '../core/blueprint.ts';
import { crud } from '../core/crud.ts';
import {
  answering,
  create,
  list,
  optionsOf,
  patch,
  read,
  remove,
  replace,
} from '../core/handlers.ts';
import { parameters, refuseParameters } from '../core/parameters.ts';
import { problem } from '../core/problems.ts';
import { parseListQuery } from '../core/query.ts';
import { deliveryKind } from '../events/delivery.ts';
import { runAnswer } from '../jobs/answer.ts';
import { run } from '../jobs/job.ts';
import { retry } from '../jobs/queue.ts';
import { opsOnly } from '../ops/headers.ts';
import { webhookSubscriptions } from '../services/webhook-subscriptions.ts';

/** Who is told of what happens, and what became of it. In production for operators only. */
export const webhookSubscriptionRoutes = blueprint(
  '/webhooks',
  (context) => {
    const service = webhookSubscriptions(context);
    const runs = crud(context, run);
    const { limits } = context.config;

    /** The deliveries of a subscription begin their keys with its id. */
    const deliveriesOf = async ({ params }: Request) => {
      const { _id } = await service.read(String(params.id));
      return { kind: deliveryKind, key: { $regex: `^${_id.toHexString()}:` } };
    };

    return Router()
      .get('/', list(service))
      .post('/', create(service))
      .get('/:id', read(service))
      .put('/:id', replace(service))
      .patch('/:id', patch(service))
      .delete('/:id', remove(service))
      .get(
        '/:id/deliveries',
        answering(async (req, res) => {
          const query = parseListQuery(parameters(req), runs.vocabulary, limits);
          const scope = await deliveriesOf(req);
          return listAnswer(runs, query, req, { ...optionsOf(res), scope });
        }),
      )
      .post(
        '/:id/deliveries/:delivery/replay',
        answering(async (req) => {
          refuseParameters(parameters(req));
          const { kind } = await deliveriesOf(req);
          const delivery = await runs.read(String(req.params.delivery));
          if (delivery.kind !== kind || !delivery.key?.startsWith(`${String(req.params.id)}:`))
            throw problem('not_found');
          return runAnswer(runs, await retry(context, delivery._id));
        }),
      );
  },
  ({ config }) => opsOnly(config),
);
