// A blueprint: the routes of one resource under one path, as Flask has them.
import type { RequestHandler, Router } from 'express';
import type { Context } from './context.ts';

export interface Blueprint {
  readonly path: string;
  readonly routes: (context: Context) => Router;
  /** Asked before anything is answered, whatever the method. */
  readonly guard?: ((context: Context) => RequestHandler) | undefined;
}

/** Names where the routes are mounted under /api, and how to make them. */
export const blueprint = (
  path: string,
  routes: Blueprint['routes'],
  guard?: Blueprint['guard'],
): Blueprint => ({ path, routes, guard });
