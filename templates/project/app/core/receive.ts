// What every request under /api goes through first: its URL, Host and Accept headers, and its deadline.
import type { Request, RequestHandler, Response } from 'express';
import { locals, type Context } from './context.ts';
import { problem } from './problems.ts';
import { sendProblem } from './send.ts';

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

/** Aborts the request's work when its time is over (503) or the client has gone. */
const setDeadline = (req: Request, res: Response, { config }: Context): void => {
  const carried = locals(res);
  const timer = setTimeout(() => {
    const late = problem('request_timeout', undefined, { headers: { 'Retry-After': '5' } });
    sendProblem(req, res, late, config);
    carried.work?.abort(late);
  }, config.limits.requestMs);
  res.once('close', () => {
    clearTimeout(timer);
    if (!res.writableFinished) carried.work?.abort();
  });
};

/** The first middleware of the API. */
export const receive =
  (context: Context): RequestHandler =>
  (req, res, next) => {
    checkUrl(req, context.config.limits.url);
    checkHost(req);
    checkAccept(req);
    setDeadline(req, res, context);
    next();
  };
