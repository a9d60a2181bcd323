import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { AppContext } from './context.ts';
import type { Watch } from './ops/process.ts';

/** Something beside the API that answers people: listed in routes/index.ts, mounted by app/index.ts. */
export type Site = (
  context: AppContext,
  watch: Watch,
) => {
  /** Files; served before the rate limit. */
  assets?: RequestHandler;
  /** Pages; `next()` for paths that are not among them. */
  routes: RequestHandler;
  /** Errors as pages; `next(error)` for clients that do not want one. */
  errors?: ErrorRequestHandler;
};
