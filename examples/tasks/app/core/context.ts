// What every part of the application is given: the database, the models, the configuration and the log.
import type { Response } from 'express';
import type { Db, MongoClient } from 'mongodb';
import type { Model } from './model.ts';
import type { PasswordCost } from './password.ts';
import type { Kept } from './sync.ts';
import type { Witness } from './witness.ts';

/** pino fits; so does anything with these three. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** How much one request may ask for. Sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly body: number;
  /** Of a body that is a list. */
  readonly bulkBody: number;
  readonly bulkItems: number;
  /** Levels of nesting below a document. */
  readonly depth: number;
  readonly pageSize: number;
  readonly maxPageSize: number;
  /** page × limit may not go beyond it; cursors may. */
  readonly pageWindow: number;
  /** Counting stops here and says so. */
  readonly count: number;
  readonly queryMs: number;
  readonly requestMs: number;
  readonly url: number;
}

export const defaultLimits: Limits = {
  body: 100_000,
  bulkBody: 1_000_000,
  bulkItems: 100,
  depth: 8,
  pageSize: 20,
  maxPageSize: 100,
  pageWindow: 10_000,
  count: 10_000,
  queryMs: 5_000,
  requestMs: 10_000,
  url: 8_192,
};

/** What the core needs of the project's configuration. */
export interface CoreConfig {
  /** https://api.example.com, without a slash at the end: makes Location and problem types absolute. */
  readonly publicUrl?: string | undefined;
  /** Shows stacks in answers; never in production. */
  readonly debug: boolean;
  /** Opens in production what is for operators only. */
  readonly opsToken?: string | undefined;
  readonly limits: Limits;
  /** What hashing a password costs; what OWASP asks for unless it says otherwise. */
  readonly passwordCost?: PasswordCost | undefined;
}

export interface Context {
  readonly db: Db;
  readonly client: MongoClient;
  readonly models: readonly Model[];
  /** Those that hold no documents of models. */
  readonly collections?: readonly Kept[];
  readonly witnesses?: readonly Witness[];
  readonly config: CoreConfig;
  readonly log: Logger;
}

/** What `res.locals` carries. */
export interface Locals {
  /** Set by the first middleware; in logs, headers and problems. */
  requestId?: string;
  /** W3C Trace Context of this request, when its caller sent one: for whatever is called because of it. */
  traceparent?: string;
  /** What goes on with `traceparent`, unchanged. */
  tracestate?: string | undefined;
  /** Ends the request's work; made by signalOf when somebody asks for it. */
  work?: AbortController;
  /** Of the problem that was answered, for the log. */
  code?: string;
  /** The route's template, for metrics: /api/products/:id. */
  route?: string;
  /** Called when an answer without an end begins: it was answered then, and is not in flight any more. */
  streams?: () => void;
  /** Who asks; the scope of idempotency keys. */
  principal?: string;
}

/** The typed way to `res.locals`. */
export const locals = (res: Response): Locals => res.locals;

/** Aborted when the client has gone or the request took too long. */
export const signalOf = (res: Response): AbortSignal => {
  const carried = locals(res);
  carried.work ??= new AbortController();
  if (res.closed || res.writableEnded) carried.work.abort();
  return carried.work.signal;
};
