import { AsyncLocalStorage } from 'node:async_hooks';
import type { RequestHandler } from 'express';
import type { Document } from 'mongodb';
import type { AppContext } from '../context.ts';
import { explainable, isSelective, readingStages, shapeOf } from './plans.ts';

/** What one request asked of the database. */
interface Spent {
  ms: number;
  readonly plans: Set<string>;
  /** Plans that are being asked for. */
  readonly pending: Promise<void>[];
}

/** More shapes than this are no application's own: asked for anew. */
const mostShapes = 1_000;

/**
 * For debug mode alone: `Server-Timing: db;dur=3.1, plan;desc="IXSCAN"` with each answer, and one warning for each
 * shape of a query that reads a whole collection to find a part of it. Each shape is explained once, beside the query
 * itself, and the answer waits for that.
 */
export const diagnoseQueries = ({ client, db, log }: AppContext): RequestHandler => {
  const requests = new AsyncLocalStorage<Spent>();
  const running = new Map<number, Spent>();
  const plans = new Map<string, Promise<readonly string[]>>();

  const explain = async (query: Document): Promise<readonly string[]> => {
    const answer = await db.command({ explain: query, verbosity: 'queryPlanner' });
    const stages = readingStages(answer);
    if (stages.includes('COLLSCAN') && isSelective(query)) {
      log.warn({ query: shapeOf(query) }, 'a query reads the whole collection: it has no index');
    }
    return stages;
  };

  const planOf = (query: Document) => {
    const shape = JSON.stringify([Object.values(query)[0], shapeOf(query)]);
    // What cannot be explained has no plan to show.
    const plan = plans.get(shape) ?? requests.exit(() => explain(query).catch(() => []));
    if (plans.size >= mostShapes) plans.clear();
    plans.set(shape, plan);
    return plan;
  };

  client.on('commandStarted', ({ requestId, commandName, command }) => {
    const spent = requests.getStore();
    if (spent === undefined) return;
    running.set(requestId, spent);
    const query = explainable(commandName, command);
    if (query === undefined) return;
    const known = planOf(query).then((stages) => stages.forEach((stage) => spent.plans.add(stage)));
    spent.pending.push(known);
  });
  const ended = (event: { readonly requestId: number; readonly duration: number }) => {
    const spent = running.get(event.requestId);
    if (spent !== undefined) spent.ms += event.duration;
    running.delete(event.requestId);
  };
  client.on('commandSucceeded', ended).on('commandFailed', ended);

  return (_req, res, next) => {
    const spent: Spent = { ms: 0, plans: new Set(), pending: [] };
    res.end = new Proxy(res.end.bind(res), {
      apply(end, self, args: unknown[]) {
        void Promise.all(spent.pending).then(() => {
          if (res.writableEnded) return;
          const plan = [...spent.plans].sort().join(' ');
          const described = plan === '' ? '' : `, plan;desc="${plan}"`;
          if (!res.headersSent)
            res.setHeader('Server-Timing', `db;dur=${spent.ms.toFixed(1)}${described}`);
          Reflect.apply(end, self, args);
        });
        return res;
      },
    });
    requests.run(spent, next);
  };
};
