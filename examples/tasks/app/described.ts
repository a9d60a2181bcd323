import type { Described } from './core/openapi-described.ts';

/** What answers beside the resources, for openapi.json. */
export const described: readonly Described[] = [
  // one a line
];
