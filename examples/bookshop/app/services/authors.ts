import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { author } from '../models/author.ts';

/**
 * The rules of /authors, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const authors = (context: Context) => crud(context, author);
