import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { book } from '../models/book.ts';

/**
 * The rules of /books, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const books = (context: Context) => crud(context, book);
