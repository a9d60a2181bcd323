// Mounts the blueprints and adds what every resource has: search, sub-collections, OPTIONS, 405, its JSON Schema.
import { Router, type RequestHandler } from 'express';
import type { Blueprint } from './blueprint.ts';
import { jsonBody, mergePatch } from './body.ts';
import type { Context } from './context.ts';
import { children, search, serviceOfList } from './handlers.ts';
import { isPrivate, references } from './model.ts';
import { modelSchema } from './openapi.ts';
import { problem } from './problems.ts';

export { problemPages } from './problem-pages.ts';
import { receive } from './receive.ts';
import { send, weakTag } from './send.ts';
import { notFound } from './errors.ts';
import { registered, type Service } from './service.ts';

const strict = { strict: true, caseSensitive: true };

/** To Express, a thrown null is no error: it would go on to the next handler. */
const throwing = (handle: RequestHandler): RequestHandler =>
  handle.length > 3
    ? handle
    : (req, res, next) => {
        try {
          return handle(req, res, next);
        } catch (error) {
          throw error ?? new Error('a handler threw null');
        }
      };

/** The methods that each path of a router answers, and the service behind its list. */
const routesOf = (router: Router) => {
  const methods = new Map<string, Set<string>>();
  let listed: Service | undefined;
  for (const { route } of router.stack) {
    if (!route) continue;
    const known = methods.get(route.path) ?? new Set<string>();
    methods.set(route.path, known);
    for (const layer of route.stack) {
      if (layer.method) known.add(layer.method.toUpperCase());
      if (route.path === '/') listed ??= serviceOfList(layer.handle);
      layer.handle = throwing(layer.handle);
    }
  }
  return { methods, listed };
};

/** Answers OPTIONS, and every method that nobody answered with 405; both name the methods that exist. */
const otherMethods = (methods: Iterable<string>): RequestHandler => {
  const names = new Set([...methods, 'OPTIONS']);
  if (names.has('GET')) names.add('HEAD');
  const headers = {
    Allow: [...names].sort().join(', '),
    ...(names.has('PATCH') && { 'Accept-Patch': mergePatch }),
    ...(names.has('POST') && { 'Accept-Post': 'application/json' }),
    ...(names.has('QUERY') && { 'Accept-Query': 'application/json' }),
  };
  return (req, res, next) => {
    if (req.method === 'OPTIONS') send(req, res, { status: 204, headers, body: '' });
    // A handler of that method left it to others: there are none.
    else if (names.has(req.method)) next();
    else throw problem('method_not_allowed', undefined, { headers });
  };
};

/** Lists of the documents that refer to one of these: /categories/:id/products. */
const subCollections = (context: Context, parent: Service) =>
  context.models.flatMap((model) => {
    const child = registered(context, model);
    const reference = references(model, parent.model.name).find(({ field }) => !isPrivate(field));
    if (!child || !reference) return [];
    return [{ path: `/:id${model.path}`, handler: children(parent, child, reference.path) }];
  });

/** A blueprint's own routes first, then what the core adds to them. */
const withExtras = (context: Context, own: Router): RequestHandler => {
  const { methods: ownMethods, listed } = routesOf(own);
  // Search stands before /:id, which would match it too.
  const methods = new Map([['/search', new Set<string>()], ...ownMethods]);
  const extras = Router(strict);
  if (listed) {
    const searched = search(listed);
    extras.post('/search', searched);
    methods.get('/search')?.add('POST');
    // Express has no typed verb for QUERY; where Node does not know it either, it never gets here.
    extras.all('/', (req, res, next) =>
      req.method === 'QUERY' ? searched(req, res, next) : next(),
    );
    methods.get('/')?.add('QUERY');
    for (const { path, handler } of subCollections(context, listed)) {
      extras.get(path, handler);
      methods.set(path, new Set(['GET']));
    }
  }
  for (const [path, names] of methods) {
    if (names.size > 0) extras.all(path, otherMethods(names));
  }
  return (req, res, next) => {
    const then = (error?: unknown): void => {
      if (error) next(error);
      else extras(req, res, next);
    };
    // Express would answer OPTIONS by itself, with fewer headers.
    if (req.method === 'OPTIONS') extras(req, res, next);
    else own(req, res, then);
  };
};

/** GET /schemas/products: JSON Schema 2020-12 of a document. */
const schemas = ({ models }: Context): RequestHandler => {
  const bodies = new Map(
    models.map((model) => [model.path.slice(1), JSON.stringify(modelSchema(model))]),
  );
  return (req, res) => {
    const body = bodies.get(String(req.params.name));
    if (body === undefined) throw problem('not_found');
    send(req, res, {
      status: 200,
      headers: { 'Content-Type': 'application/schema+json', ETag: weakTag(body) },
      body,
    });
  };
};

/** The whole API, to be mounted at /api; what it throws is for problemHandler. */
export const api = (context: Context, blueprints: readonly Blueprint[]): Router => {
  const router = Router(strict);
  router.use(receive(context), jsonBody(context.config.limits));
  // All services are made before any is mounted, so that they know of each other.
  const made = blueprints.map(({ path, routes }) => ({ path, own: routes(context) }));
  for (const { path, own } of made) router.use(path, withExtras(context, own));
  router.get('/schemas/:name', schemas(context)).all('/schemas/:name', otherMethods(['GET']));
  return router.use(notFound);
};
