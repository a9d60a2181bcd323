import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { node } from '../models/node.ts';

/**
 * The rules of /nodes, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const nodes = (context: Context) => crud(context, node);
