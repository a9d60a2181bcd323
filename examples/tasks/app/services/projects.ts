import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { project } from '../models/project.ts';

/**
 * The rules of /projects, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const projects = (context: Context) => crud(context, project);
