import { randomBytes } from 'node:crypto';
import type { RandomBytes } from '../plan/index.ts';
import type { Run } from './run.ts';

/** For the secrets of a project: what is only shown gets none, because a secret must not be shown. */
export function randomOf({ invocation: { given } }: Run): RandomBytes {
  const shown = given.has('dry-run') || given.has('check');
  return shown ? (count) => new Uint8Array(count) : randomBytes;
}
