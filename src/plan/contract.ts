import { openapi } from '../../templates/project/app/core/openapi.ts';
import type { Fragment } from '../render/fragment.ts';
import { json } from '../render/writers/json.ts';
import type { Spec } from '../spec/schema.ts';
import { contractInputOf, refuseSharedSchemas } from './contract-input.ts';
import { contractKeeping } from './contract-kept.ts';
import { featuresOf, type Feature } from './features.ts';

export const contractPath = 'openapi.json';

/** What was planned last, and the text of its `openapi.json`. */
export interface Former {
  readonly spec: Spec;
  readonly contract: string;
}

/**
 * The OpenAPI document of the project, made by the very code that the project makes it with.
 * @param former what has not changed since is taken from its text, which saves time and gives the same
 * @throws {UserError} when two schemas of the document would have one name
 */
export function contractOf(spec: Spec, features: readonly Feature[], former?: Former): Fragment {
  const input = contractInputOf(spec, features);
  refuseSharedSchemas(input);
  const kept =
    former &&
    contractKeeping(input, contractInputOf(former.spec, featuresOf(former.spec)), former.contract);
  return json(kept ?? openapi(input.models, input.info, input.described));
}
