// The end of the chain: turns whatever was thrown into a problem document, and explains the codes of problems.
import {
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { MongoError, MongoServerError } from 'mongodb';
import { locals, type Context } from './context.ts';
import { label, pointer } from './field.ts';
import { fieldPaths, type Model } from './model.ts';
import { catalogue, isProblemCode, type ProblemCode } from './problem-codes.ts';
import { Problem, problem } from './problems.ts';
import { sendProblem } from './send.ts';
import { isDoc } from './walk.ts';

/** Answers 404; mounted after everything else. */
export const notFound: RequestHandler = () => {
  throw problem('not_found');
};

/** Codes of MongoDB that say: this server cannot work now (shutdown, not primary, network below a router). */
const unavailableCodes = new Set([
  6, 7, 89, 91, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436,
]);

const names =
  /^Mongo(ServerSelection|Network|NetworkTimeout|PoolCleared|WaitQueueTimeout|NotConnected|TopologyClosed|ServerClosed|ConnectionPoolClosed|PoolClosed|Expired|ClientClosed)/;

const databaseGone = (cause: Error): Problem =>
  problem('database_unavailable', undefined, { cause, headers: { 'Retry-After': '5' } });

/** A connection that ended while the driver was writing to it: what it does not make a MongoError of. */
const isBroken = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');

/** Why the database did not do it, as a problem; undefined for what is a bug of ours. */
const databaseProblem = (error: MongoError): Problem | undefined => {
  if (error instanceof MongoServerError) {
    if (error.code === 50) {
      return problem('query_timeout', undefined, { cause: error, headers: { 'Retry-After': '5' } });
    }
    if (error.code === 121)
      return problem('validation_error', 'The database refused the document', { cause: error });
    if (error.code === 112) return problem('conflict', undefined, { cause: error });
  }
  const unavailable =
    names.test(error.name) || (typeof error.code === 'number' && unavailableCodes.has(error.code));
  return unavailable ? databaseGone(error) : undefined;
};

/** The field whose unique index was hit; errors of bulk writes have only their message to tell it. */
const duplicatePath = ({ keyPattern, message }: MongoServerError): string | undefined =>
  isDoc(keyPattern) ? Object.keys(keyPattern)[0] : / index: (\S+)_unique /.exec(message)?.[1];

/** The 409 for a value that is taken; the value itself is not repeated, and private fields are not named. */
export const duplicateProblem = (
  model: Model,
  error: MongoServerError,
  index?: number,
): Problem => {
  const path = duplicatePath(error) ?? '';
  const visible = fieldPaths(model.fields, { privates: false }).some((at) => at.path === path);
  const at = [...(index === undefined ? [] : [index]), ...path.split('.')];
  const errors = [
    { pointer: pointer(at), code: 'duplicate', detail: `${label(path)} is already taken` },
  ];
  return problem('duplicate', undefined, { ...(visible && { errors }), cause: error });
};

const statusOf = (error: Error): number | undefined =>
  'status' in error && typeof error.status === 'number' ? error.status : undefined;

/** Any thrown value as a problem. Details of unforeseen errors stay in the log. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof URIError) return problem('invalid_url', undefined, { cause: error });
  if (error instanceof MongoError) {
    const known = databaseProblem(error);
    if (known) return known;
  } else if (error instanceof Error) {
    if (isBroken(error)) return databaseGone(error);
    const status = statusOf(error);
    if (status !== undefined && status >= 400 && status < 500)
      return problem(status, undefined, { cause: error });
  }
  return problem('internal_error', undefined, { cause: error });
};

/** Documents can be inside driver errors, so only these parts are logged. */
const loggable = (cause: unknown): object =>
  cause instanceof Error
    ? { type: cause.name, message: cause.message, stack: cause.stack }
    : { type: typeof cause };

/** What is written to the log with its stack. A refusal on purpose has nothing to explain: its stack would cost more than it. */
export const isFailure = ({ status, code }: Problem): boolean =>
  status >= 500 && code !== 'unavailable';

/** The last error handler. When an answer is already on its way, all it can do is to cut it off. */
export const problemHandler =
  ({ config, log }: Context): ErrorRequestHandler =>
  (error: unknown, req, res, _next) => {
    // The client has gone: its aborted work is no failure, and nobody is there to be told.
    if (res.destroyed && !res.writableFinished) return;
    const found = toProblem(error);
    const carried = locals(res);
    if (isFailure(found)) {
      log.error(
        { requestId: carried.requestId, code: found.code, err: loggable(found.cause ?? found) },
        'request failed',
      );
    }
    if (!res.headersSent) sendProblem(req, res, found, config);
    else if (!res.writableEnded) {
      carried.code = found.code;
      res.destroy();
    }
  };

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><main><h1>${title}</h1>${content}</main></html>\n`;

const about = (code: ProblemCode) => {
  const [status, title, text] = catalogue[code];
  return { code, status, title, description: text };
};

const row = (code: ProblemCode): string =>
  `<li><a href="/problems/${code}">${code}</a> (${catalogue[code][0]}): ${catalogue[code][1]}</li>`;

const answer = (req: Request, res: Response, json: object, html: string): void => {
  res.vary('Accept');
  if (req.accepts(['application/json', 'text/html']) === 'text/html') res.type('html').send(html);
  else res.json(json);
};

/** GET /problems lists the codes, GET /problems/:code explains one. */
export const problemPages: Router = Router()
  .get('/problems', (req, res) => {
    const codes = Object.keys(catalogue).filter(isProblemCode);
    answer(
      req,
      res,
      { data: codes.map(about) },
      page('Problems', `<ul>${codes.map(row).join('')}</ul>`),
    );
  })
  .get('/problems/:code', (req, res) => {
    const { code } = req.params;
    if (!isProblemCode(code)) throw problem('not_found');
    const { status, title, description } = about(code);
    answer(
      req,
      res,
      about(code),
      page(title, `<p><code>${code}</code>, status ${status}</p><p>${description}</p>`),
    );
  });
