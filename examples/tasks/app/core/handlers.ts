// The six verbs: HTTP semantics (status, headers, preconditions, Prefer) around one call of a service each.
import type { Request, RequestHandler, Response } from 'express';
import { documentAnswer, itemAnswer, listAnswer, writtenAnswer } from './answers.ts';
import { requireJson, requireMergePatch, requireObject } from './body.ts';
import { locals, signalOf } from './context.ts';
import { createOnce, idempotent } from './idempotency.ts';
import { bodyParameters, parameters, refuseParameters } from './parameters.ts';
import { headerProblem, problem } from './problems.ts';
import { parseListQuery, parseReadQuery } from './query.ts';
import { parseIfMatch } from './revision.ts';
import { send, type Answer } from './send.ts';
import type { Guard, ReadOptions, Service } from './service.ts';

type Work = (req: Request, res: Response) => Promise<Answer>;

/** A handler that sends what the work answers. */
export const answering =
  (work: Work): RequestHandler =>
  async (req, res) => {
    send(req, res, await work(req, res));
  };

/** What every call of a service on behalf of a request takes: it ends with the request, and carries its trace on. */
export const optionsOf = (res: Response): ReadOptions => {
  const { traceparent: comment, tracestate } = locals(res);
  return { signal: signalOf(res), comment, tracestate };
};

const idOf = ({ params }: Request): string => String(params.id);

/** The revisions that the client allows to be changed; 428 where it must say, by If-Match or `_rev`. */
const guardOf = ({ model }: Service, req: Request, res: Response, body: object = {}): Guard => {
  const header = req.get('if-match');
  if (header === undefined && model.requireIfMatch && !('_rev' in body)) {
    throw problem('precondition_required');
  }
  return { ...parseIfMatch(header), ...optionsOf(res) };
};

const listServices = new WeakMap<RequestHandler, Service>();

/** The service behind a handler that list() made: the core mounts search and sub-collections with it. */
export const serviceOfList = (handler: RequestHandler): Service | undefined =>
  listServices.get(handler);

/** GET /: a page of documents. */
export const list = (service: Service): RequestHandler => {
  const { vocabulary, context } = service;
  const handler = answering(async (req, res) => {
    const query = parseListQuery(parameters(req), vocabulary, context.config.limits);
    return listAnswer(service, query, req, optionsOf(res));
  });
  listServices.set(handler, service);
  return handler;
};

/** QUERY / and POST /search: the same list, its parameters in a JSON body. */
export const search = (service: Service): RequestHandler => {
  const { vocabulary, context } = service;
  return answering(async (req, res) => {
    refuseParameters(parameters(req));
    const query = parseListQuery(
      bodyParameters(requireObject(req)),
      vocabulary,
      context.config.limits,
    );
    return listAnswer(service, query, req, optionsOf(res));
  });
};

/** GET /:id/<children>: the children that refer to one parent, which must exist. */
export const children = (parent: Service, child: Service, path: string): RequestHandler => {
  const { vocabulary, context } = child;
  return answering(async (req, res) => {
    const query = parseListQuery(parameters(req), vocabulary, context.config.limits);
    const { _id } = await parent.read(idOf(req), optionsOf(res));
    return listAnswer(child, query, req, { ...optionsOf(res), scope: { [path]: _id } });
  });
};

/** POST /: one document, or a list of them in one go. */
export const create = (service: Service): RequestHandler =>
  answering(async (req, res) => {
    refuseParameters(parameters(req));
    const body = requireJson(req);
    return idempotent(service, req, res, async (attempt) => {
      const wanted = { ...optionsOf(res), attempt };
      const documents = await createOnce(service, attempt, async () =>
        Array.isArray(body)
          ? service.createMany(body, wanted)
          : [await service.create(body, wanted)],
      );
      const [document] = documents;
      if (document && !Array.isArray(body)) return documentAnswer(service, req, document, true);
      const answer = () => ({
        data: documents.map(service.codec.answer),
        meta: { inserted: documents.length },
      });
      return writtenAnswer(req, true, {}, answer);
    });
  });

/** GET /:id: one document. */
export const read = (service: Service): RequestHandler =>
  answering(async (req, res) => {
    const query = parseReadQuery(parameters(req), service.vocabulary);
    // One short query needs nothing to stop it; embedding asks more of them.
    const wanted = query.embed.length > 0 ? optionsOf(res) : { comment: locals(res).traceparent };
    return itemAnswer(service, await service.read(idOf(req), wanted), query, wanted);
  });

/** PUT /:id: the whole document; with If-None-Match: * a new one under this id. */
export const replace = (service: Service): RequestHandler =>
  answering(async (req, res) => {
    refuseParameters(parameters(req));
    const body = requireObject(req);
    const absent = req.get('if-none-match');
    if (absent === undefined) {
      const document = await service.replace(idOf(req), body, guardOf(service, req, res, body));
      return documentAnswer(service, req, document, false);
    }
    if (absent.trim() !== '*') throw headerProblem('If-None-Match', 'takes only * on PUT');
    const document = await service.createAt(idOf(req), body, optionsOf(res));
    return documentAnswer(service, req, document, true);
  });

/** PATCH /:id: a JSON Merge Patch. */
export const patch = (service: Service): RequestHandler =>
  answering(async (req, res) => {
    refuseParameters(parameters(req));
    requireMergePatch(req);
    const body = requireObject(req);
    const document = await service.patch(idOf(req), body, guardOf(service, req, res, body));
    return documentAnswer(service, req, document, false);
  });

/** DELETE /:id */
export const remove = (service: Service): RequestHandler =>
  answering(async (req, res) => {
    refuseParameters(parameters(req));
    await service.remove(idOf(req), guardOf(service, req, res));
    return { status: 204, headers: {}, body: '' };
  });
