import type { Difference } from './trials.ts';

interface Explanation {
  /** The heading of docs/embedded-mongo-differences.md that says who is right. */
  heading: string;
  holds(difference: Difference): boolean;
}

const isError = (answer: string): boolean => answer.startsWith('error ');
const errorIn = (answer: string, code: number): boolean => answer === `error ${code}`;
const dotted = /"[abc]\.[^"]*"/;
/** `{"b.c": null}` or `$eq`, `$in`, `$gte`, `$lte` of null, on a dotted path. */
const dottedNull =
  /"[abc]\.[^"]*":(?:\{"\$not":)?(null|\{"\$(eq|ne|gte|lte)":null|\{"\$(n?in|all)":\[[^\]]*null)/;

/** The same documents but for the order of their keys. */
function sameButForOrder({ embedded, ferret }: Difference): boolean {
  const sorted = (answer: string) =>
    JSON.stringify(JSON.parse(answer), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  return !isError(embedded) && !isError(ferret) && sorted(embedded) === sorted(ferret);
}

/** In this order: the first that holds is taken. */
const explanations: Explanation[] = [
  {
    heading: 'Array members under $mod and the $bits operators',
    holds: ({ kind, request, document }) =>
      kind === 'filter' && /\$mod|\$bits/.test(request) && document.includes('['),
  },
  {
    heading: 'Null on a dotted path through arrays',
    holds: ({ kind, request, document }) =>
      kind === 'filter' && dottedNull.test(request) && document.includes('['),
  },
  {
    heading: 'Negation on a dotted path through an array of documents',
    holds: ({ kind, request, document }) =>
      kind === 'filter' &&
      /"[abc]\.[^"]*":\{"\$(ne|nin|not)"/.test(request) &&
      /\[.*\{/.test(document),
  },
  {
    heading: 'Array members equal to a document',
    holds: ({ kind, request, document }) =>
      kind === 'filter' && /:\{(\}|"[abc]")/.test(request) && /\[.*\{/.test(document),
  },
  {
    heading: '$elemMatch on empty arrays, dotted paths and negations',
    holds: ({ kind, request, document, ferret }) =>
      kind === 'filter' &&
      request.includes('$elemMatch') &&
      (errorIn(ferret, 2) || document.includes('[')),
  },
  {
    heading: 'Sorting by a dotted path through an array of documents',
    holds: ({ kind, request, document }) =>
      kind === 'sort' && dotted.test(request) && document.includes('['),
  },
  {
    heading: 'Projection of a path and of its parent',
    holds: ({ kind, embedded }) => kind === 'projection' && errorIn(embedded, 31249),
  },
  {
    heading: 'Two update operators on one path',
    holds: ({ kind, embedded }) => kind === 'update' && errorIn(embedded, 40),
  },
  {
    heading: 'Which of two errors is given',
    holds: ({ kind, embedded, ferret }) =>
      kind === 'update' && isError(embedded) && isError(ferret),
  },
  {
    heading: 'Arrays in arrays',
    holds: ({ kind, request, document, ferret }) =>
      kind === 'update' && errorIn(ferret, 2) && `${request}${document}`.includes('['),
  },
  {
    heading: '$push and $addToSet of nothing to a missing field',
    holds: ({ kind, request }) =>
      kind === 'update' && /"\$each":\[\]|\$addToSet":\{"[^"]+":\[\]/.test(request),
  },
  {
    heading: '$unset of an array member',
    holds: ({ kind, request }) => kind === 'update' && /\$unset":\{"a\.0"/.test(request),
  },
  {
    heading: '$inc by zero',
    holds: ({ kind, request, embedded }) =>
      kind === 'update' &&
      /\$inc":\{"[^"]+":\{"[^"]+":"0/.test(request) &&
      embedded.includes('"0"'),
  },
  {
    heading: 'Order of keys',
    holds: (difference) => difference.kind !== 'sort' && sameButForOrder(difference),
  },
  {
    heading: 'The sign of zero',
    holds: ({ kind, embedded, ferret }) =>
      kind === 'update' && embedded.replaceAll('-0.0', '0.0') === ferret.replaceAll('-0.0', '0.0'),
  },
];

/** All headings, for the proof that the page has each of them. */
export const headings: readonly string[] = explanations.map(({ heading }) => heading);

/** Why an answer differs from FerretDB's: a heading of docs/embedded-mongo-differences.md; undefined when nothing there fits. */
export function explain(difference: Difference): string | undefined {
  return explanations.find(({ holds }) => holds(difference))?.heading;
}
