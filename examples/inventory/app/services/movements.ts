import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { movement } from '../models/movement.ts';

/**
 * The rules of /movements, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const movements = (context: Context) => crud(context, movement);
