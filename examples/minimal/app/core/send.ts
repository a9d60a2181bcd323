// Writes answers: JSON bodies with their ETag and caching headers, 304 where the client has it already, and problems.
import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { locals, type CoreConfig } from './context.ts';
import { problemDocument, type Problem } from './problems.ts';

/** An answer ready to be written; also what an idempotency key remembers. */
export interface Answer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Serialised JSON; empty for no body. */
  readonly body: string;
}

const json = 'application/json; charset=utf-8';

/** The tag of a body that has no revision of its own. */
export const weakTag = (body: string): string => `W/"${hash('sha1', body, 'base64url')}"`;

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

/** Whether the client's copy is current (RFC 9110 13.1): tags are compared weakly, and go before dates. */
const isFresh = (req: Request, headers: Answer['headers']): boolean => {
  const tags = req.headers['if-none-match'];
  if (tags !== undefined) {
    if (tags.trim() === '*') return true;
    const current = opaque(headers.ETag ?? '');
    return tags.split(',').some((tag) => opaque(tag) === current);
  }
  const since = req.headers['if-modified-since'];
  const modified = headers['Last-Modified'];
  return since !== undefined && modified !== undefined && Date.parse(modified) <= Date.parse(since);
};

/** Sends an answer; a GET or HEAD whose copy is still fresh gets 304. */
export const send = (req: Request, res: Response, { status, headers, body }: Answer): void => {
  // The deadline may have answered already.
  if (res.headersSent) return;
  const isRead = status === 200 && (req.method === 'GET' || req.method === 'HEAD');
  for (const name in headers) res.setHeader(name, headers[name] ?? '');
  if (headers['Cache-Control'] === undefined) {
    res.setHeader('Cache-Control', req.headers.authorization ? 'private, no-store' : 'no-cache');
  }
  vary(res);
  if (isRead && isFresh(req, headers)) {
    res.statusCode = 304;
    res.end();
    return;
  }
  res.statusCode = status;
  if (body === '') {
    res.end();
    return;
  }
  if (headers['Content-Type'] === undefined) res.setHeader('Content-Type', json);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
};

/** Other middleware may have set Vary before: CORS adds Origin. */
const vary = (res: Response): void => {
  const before = res.getHeader('Vary');
  res.setHeader(
    'Vary',
    before === undefined ? 'Accept, Authorization' : `${String(before)}, Accept, Authorization`,
  );
};

/** A problem as an answer; its stack only in debug mode. */
export const problemAnswer = (
  req: Request,
  res: Response,
  problem: Problem,
  config: CoreConfig,
): Answer => {
  const path = req.originalUrl.split('?', 1)[0] ?? '';
  const document = problemDocument(problem, {
    // An unknown path is not repeated, and neither are odd characters.
    instance: problem.status !== 404 && /^[\w/.~-]{1,200}$/.test(path) ? path : undefined,
    requestId: locals(res).requestId,
    publicUrl: config.publicUrl,
    stack: config.debug && problem.status >= 500 ? causeOf(problem) : undefined,
  });
  const headers = {
    ...problem.headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'application/problem+json; charset=utf-8',
  };
  return { status: problem.status, headers, body: JSON.stringify(document) };
};

export const sendProblem = (
  req: Request,
  res: Response,
  problem: Problem,
  config: CoreConfig,
): void => {
  locals(res).code = problem.code;
  send(req, res, problemAnswer(req, res, problem, config));
};

const causeOf = ({ cause, stack }: Problem): string | undefined =>
  cause instanceof Error ? cause.stack : stack;
