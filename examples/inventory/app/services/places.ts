import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { place } from '../models/place.ts';

/**
 * The rules of /places, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const places = (context: Context) => crud(context, place);
