// What every request under /api goes through, and what every resource has: search, sub-collections, OPTIONS, 405, JSON Schema.
import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Blueprint } from './blueprint.ts';
import { jsonBody, mergePatch } from './body.ts';
import { locals, type Context } from './context.ts';
import { notFound } from './errors.ts';
import { children, search, serviceOfList } from './handlers.ts';
import { isPrivate, references } from './model.ts';
import { modelSchema } from './openapi-schemas.ts';
import { problem } from './problems.ts';
import { send, sendProblem, weakTag } from './send.ts';
import { registered, type Service } from './service.ts';

/** Empty, dot and encoded-slash segments never name anything here, and NUL is in no name. */
const oddPath = /\/\/|.\/$|%2f|%5c|%00|\/\.{1,2}(?:\/|$)|\/(?:%2e){1,2}(?:\/|$)/i;

const checkUrl = ({ path, originalUrl }: Request, most: number): void => {
  if (originalUrl.length > most) throw problem('url_too_long');
  if (oddPath.test(path)) throw problem('not_found');
};

/** Two Host headers let a proxy and this server disagree about who is asked. */
const checkHost = ({ rawHeaders }: Request): void => {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.length === 4 && rawHeaders[i]?.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) throw problem('bad_request', 'There must be one Host header');
};

const checkAccept = (req: Request): void => {
  const { accept } = req.headers;
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return;
  if (!req.accepts(['application/json', 'application/schema+json']))
    throw problem('not_acceptable');
};

/** Aborts the request's work when its time is over (503) or the client has gone. Who is still sending then is sent away. */
const setDeadline = (req: Request, res: Response, { config }: Context): void => {
  const carried = locals(res);
  const timer = setTimeout(() => {
    const headers = { 'Retry-After': '5', ...(!req.complete && { Connection: 'close' }) };
    const late = problem('request_timeout', undefined, { headers });
    sendProblem(req, res, late, config);
    carried.work?.abort(late);
  }, config.limits.requestMs);
  res.once('close', () => {
    clearTimeout(timer);
    if (!res.writableFinished) carried.work?.abort();
  });
};

/** The first middleware of the API. */
const receive =
  (context: Context): RequestHandler =>
  (req, res, next) => {
    checkUrl(req, context.config.limits.url);
    checkHost(req);
    checkAccept(req);
    setDeadline(req, res, context);
    next();
  };

const strict = { strict: true, caseSensitive: true };

/**
 * Notes the template of its route: an error takes `baseUrl` away before metrics and log ask for it. To Express, a
 * thrown null is no error: it would go on to the next handler. Express 4 waits for no promise.
 */
const handled = (handle: RequestHandler): RequestHandler =>
  handle.length > 3
    ? handle
    : async (req, res, next) => {
        const { path } = (req.route ?? {}) as { readonly path?: string };
        if (path !== undefined) locals(res).route = req.baseUrl + (path === '/' ? '' : path);
        try {
          await handle(req, res, next);
        } catch (error) {
          if (error) next(error);
          else next(new Error('a handler threw nothing', { cause: error }));
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
      layer.handle = handled(layer.handle);
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
  // Search is no document of the path /:id, unless the blueprint has a route for it.
  const searches = listed !== undefined && !ownMethods.has('/search');
  const methods = new Map([['/search', new Set<string>()], ...ownMethods]);
  const extras = Router(strict);
  if (listed) {
    const searched = handled(search(listed));
    extras.post('/search', searched);
    methods.get('/search')?.add('POST');
    // Express has no typed verb for QUERY; where Node does not know it either, it never gets here.
    extras.all('/', (req, res, next) =>
      req.method === 'QUERY' ? searched(req, res, next) : next(),
    );
    methods.get('/')?.add('QUERY');
    for (const { path, handler } of subCollections(context, listed)) {
      extras.get(path, handled(handler));
      methods.set(path, new Set(['GET']));
    }
  }
  for (const [path, names] of methods) {
    if (names.size > 0) extras.all(path, handled(otherMethods(names)));
  }
  return (req, res, next) => {
    const then = (error?: unknown): void => {
      if (error) next(error);
      else extras(req, res, next);
    };
    // Express would answer OPTIONS by itself, with fewer headers.
    if (req.method === 'OPTIONS' || (searches && req.path === '/search')) extras(req, res, next);
    else own(req, res, then);
  };
};

/** GET /schemas/order-items, or orderItems: JSON Schema 2020-12 of a document. */
const schemas = ({ models }: Context): RequestHandler => {
  const bodies = new Map(
    models.flatMap((model) => {
      const body = JSON.stringify(modelSchema(model));
      return [model.path.slice(1), model.plural].map((name) => [name, body] as const);
    }),
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
  router.use(receive(context));
  // Who may not ask is told so before the body is read.
  for (const { path, guard } of blueprints) if (guard) router.use(path, guard(context));
  router.use(handled(jsonBody(context.config.limits)));
  // All services are made before any is mounted, so that they know of each other.
  const made = blueprints.map(({ path, routes }) => ({ path, own: routes(context) }));
  for (const { path, own } of made) router.use(path, withExtras(context, own));
  router
    .get('/schemas/:name', handled(schemas(context)))
    .all('/schemas/:name', handled(otherMethods(['GET'])));
  return router.use(notFound);
};
