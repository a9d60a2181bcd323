/** What every resource promises (the HTTP contract of this project), as tests derived from its model. */
import { describe } from 'vitest';
import type { Model } from '../../../app/core/model.ts';
import { useResource, type ResourceOptions } from '../resource.ts';
import { attacks } from './attacks.ts';
import { refusing } from './bad-input.ts';
import { refusingQueries } from './bad-query.ts';
import { bulkCreating } from './bulk.ts';
import { conflicting } from './conflicts.ts';
import { creating } from './create.ts';
import { filtering } from './filters.ts';
import { hiding } from './hidden.ts';
import { idempotency } from './idempotency.ts';
import { methods } from './methods.ts';
import { paging } from './paging.ts';
import { patching } from './patch.ts';
import { preconditions } from './preconditions.ts';
import { problems } from './problem-shape.ts';
import { projecting } from './projection.ts';
import { queryMethod } from './query-method.ts';
import { reading } from './read.ts';
import { relations } from './relations.ts';
import { removing } from './remove.ts';
import { replacing } from './replace.ts';
import { schemas } from './schema.ts';
import { searching } from './searching.ts';
import { sorting } from './sorting.ts';

/** Every theme of the contract; `schemas` comes last, for it looks at all answers before it. */
const themes = [
  creating,
  reading,
  filtering,
  refusingQueries,
  sorting,
  paging,
  projecting,
  searching,
  relations,
  queryMethod,
  replacing,
  patching,
  removing,
  conflicting,
  preconditions,
  idempotency,
  bulkCreating,
  refusing,
  methods,
  hiding,
  problems,
  attacks,
  schemas,
];

/**
 * Runs the conformance suite against one resource: in process on an empty database, or against BASE_URL, where it
 * deletes only the documents it made.
 */
export function conformance(model: Model, options: ResourceOptions = {}): void {
  describe(model.path, () => {
    const resource = useResource(model, options);
    for (const theme of themes) theme(resource);
  });
}
