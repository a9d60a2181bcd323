import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import { person } from '../models/person.ts';

/**
 * The rules of /people, without HTTP. A third argument of `crud` takes hooks: `beforeWrite`,
 * `afterWrite`, `beforeRead`.
 */
export const people = (context: Context) => crud(context, person);
