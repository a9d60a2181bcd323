import { Router, type Request } from 'express';
import { type Automation, isJsonObject, kindOf } from '../automations/automation.ts';
import { automations } from '../automations/index.ts';
import { blueprint } from '../core/blueprint.ts';
import { requireObject } from '../core/body.ts';
import { locals } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import type { JsonObject } from '../core/field.ts';
import { answering } from '../core/handlers.ts';
import { idempotent } from '../core/idempotency.ts';
import { parameters, refuseParameters } from '../core/parameters.ts';
import { problem } from '../core/problems.ts';
import { runAnswer } from '../jobs/answer.ts';
import { run } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import { opsOnly } from '../ops/headers.ts';

const shown = ({ name, description, every }: Automation) => ({
  name,
  description,
  every,
  runs: `/api/automations/${name}/runs`,
});

/** The body is what the automation is told; an automation that needs nothing is started without one. */
const inputOf = (req: Request): JsonObject => {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = req.headers;
  const body = length === '0' && encoding === undefined ? {} : requireObject(req);
  return isJsonObject(body) ? body : {};
};

/** Lists the automations and starts them. In production for operators only. */
export const automationRoutes = blueprint(
  '/automations',
  (context) => {
    const runs = crud(context, run);
    return Router()
      .get(
        '/',
        answering(() => {
          const body = JSON.stringify({ data: automations.map(shown) });
          return Promise.resolve({ status: 200, headers: {}, body });
        }),
      )
      .post(
        '/:name/runs',
        answering((req, res) => {
          refuseParameters(parameters(req));
          const automation = automations.find(({ name }) => name === req.params.name);
          if (!automation) throw problem('not_found');
          const input = inputOf(req);
          const { traceparent, tracestate } = locals(res);
          const wanted = { kind: kindOf(automation), input, traceparent, tracestate };
          return idempotent(runs, req, res, async () =>
            runAnswer(runs, await enqueue(context, wanted)),
          );
        }),
      );
  },
  ({ config }) => opsOnly(config),
);
