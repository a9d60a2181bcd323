import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { note } from '../models/note.ts';

/**
 * The rules of /notes, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const notes = (context: Context) => crud(context, note);
