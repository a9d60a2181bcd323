// Revisions: the number on every document that makes lost updates impossible, and its ETag on the wire.
import type { Doc } from './bson.ts';
import { headerProblem, problem, type Problem } from './problems.ts';
import type { Guard } from './service.ts';

interface Revised {
  readonly _rev?: unknown;
}

/** Documents made outside the API have no revision; they count as 0 and stay editable. */
export const revisionOf = ({ _rev }: Revised): number => (typeof _rev === 'number' ? _rev : 0);

export const tagOf = (document: Revised): string => `"${revisionOf(document)}"`;

/** The filter for a document that nobody has changed since. */
export const unchanged = (document: Revised): Doc => {
  const revision = revisionOf(document);
  return { _rev: revision === 0 ? { $in: [0, null] } : revision };
};

export const staleProblem = (document: Revised): Problem =>
  problem('stale_revision', undefined, { headers: { ETag: tagOf(document) } });

/** Whether the guard lets this revision be changed. */
export const admits = ({ revisions }: Guard, document: Revised): boolean =>
  revisions === undefined || revisions.includes(revisionOf(document));

const tag = /^(?:W\/)?"([\x21\x23-\x7e\x80-\xff]*)"$/;

/**
 * Reads If-Match: `*`, or tags in quotes. A proxy that compresses weakens tags, so `W/` is accepted on purpose.
 * Tags that are not ours match nothing. Throws invalid_header.
 */
export const parseIfMatch = (header: string | undefined): Guard => {
  if (header === undefined || header.trim() === '*') return {};
  const revisions = header.split(',').map((part) => {
    const [, value] = tag.exec(part.trim()) ?? [];
    if (value === undefined) {
      throw headerProblem('If-Match', 'must be * or a list of entity tags in double quotes');
    }
    return /^\d{1,15}$/.test(value) ? Number(value) : -1;
  });
  return { revisions };
};
