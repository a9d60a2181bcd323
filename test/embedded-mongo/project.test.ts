import { describe, expect, it } from 'vitest';

import type { Doc } from '../../src/embedded-mongo/values/bson.ts';
import { compileProjection } from '../../src/embedded-mongo/query/project.ts';
import { compare } from '../../src/embedded-mongo/values/values.ts';

/** Rows: projection, document, result with its field order. */
const table: [Doc, Doc, Doc][] = [
  [{}, { _id: 1, a: 1 }, { _id: 1, a: 1 }],
  [
    { b: 1, a: 1 },
    { _id: 1, a: 1, b: 2, c: 3 },
    { _id: 1, a: 1, b: 2 },
  ],
  [{ a: 1, _id: 0 }, { _id: 1, a: 1, b: 2 }, { a: 1 }],
  [{ _id: 1 }, { _id: 1, a: 1 }, { _id: 1 }],
  [{ _id: 0 }, { _id: 1, a: 1 }, { a: 1 }],
  [
    { a: 0, 'b.c': false },
    { _id: 1, a: 1, b: { c: 1, d: 2 } },
    { _id: 1, b: { d: 2 } },
  ],
  [
    { 'a.b': 1 },
    { a: [{ b: 1, c: 2 }, 5, { c: 1 }, [{ b: 3, c: 4 }]] },
    { a: [{ b: 1 }, {}, [{ b: 3 }]] },
  ],
  [{ 'a.b': 0 }, { a: [{ b: 1, c: 2 }, 5] }, { a: [{ c: 2 }, 5] }],
  [{ a: { b: 1, c: 1 } }, { a: { b: 1, c: 2, d: 3 } }, { a: { b: 1, c: 2 } }],
  [{ 'a.b': 1 }, { a: 5, c: 1 }, {}],
  [{ a: { $slice: 1 } }, { _id: 1, a: [1, 2], b: 2 }, { _id: 1, a: [1], b: 2 }],
  [{ a: { $slice: -1 }, b: 0 }, { a: [1, 2], b: 2 }, { a: [2] }],
  [
    { a: { $slice: [1, 2] }, b: 1 },
    { a: [1, 2, 3, 4], b: 2, c: 3 },
    { a: [2, 3], b: 2 },
  ],
  [{ a: { $slice: [-3, 1] } }, { a: [1, 2, 3, 4] }, { a: [2] }],
  [
    { a: { $elemMatch: { x: 2 } } },
    { _id: 1, a: [{ x: 1 }, { x: 2, y: 1 }, { x: 2 }], b: 1 },
    { _id: 1, a: [{ x: 2, y: 1 }] },
  ],
  [{ a: { $elemMatch: { $gt: 5 } } }, { a: [1] }, {}],
  [
    { n: { $add: ['$a', 1] }, b: 1 },
    { _id: 1, a: 1, b: 2 },
    { _id: 1, b: 2, n: 2 },
  ],
  [
    { n: 'text', m: '$a' },
    { _id: 1, a: 1 },
    { _id: 1, n: 'text', m: 1 },
  ],
  [{ 'a.n': '$b' }, { a: [{ x: 1 }, 2], b: 7 }, { a: [{ n: 7 }, { n: 7 }] }],
  [{ n: '$missing', b: 1 }, { b: 1 }, { b: 1 }],
];

const refused: [Doc, number][] = [
  [{ a: 1, b: 0 }, 31254],
  [{ a: 0, b: 1 }, 31253],
  [{ a: 1, 'a.b': 1 }, 31249],
  [{ 'a.b': 1, a: 1 }, 31250],
  [{ a: {} }, 51270],
  [{ a: { $foo: 1 } }, 31325],
  [{ 'a.b': { $elemMatch: { x: 1 } } }, 31275],
  [{ a: { $elemMatch: 1 } }, 31274],
  [{ 'a.$': 1, 'b.$': 1 }, 31276],
  [{ 'a.': 1 }, 40353],
  [{ $a: 1 }, 16410],
  [{ a: { $slice: [1, 0] } }, 28724],
];

describe('a projection', () => {
  it.each(table)('%j of %j', (projection, doc, result) => {
    const before = structuredClone(doc);
    const made = compileProjection(projection)(doc);
    expect(made).toEqual(result);
    expect(compare(made, result)).toBe(0);
    expect(doc).toEqual(before);
  });

  it.each(refused)('%j is refused', (projection, code) => {
    expect(() => compileProjection(projection, { a: 1, b: 1 })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('gives the member that the query matched', () => {
    const project = compileProjection({ 'a.$': 1 }, { a: { $gt: 1 } });
    expect(project({ _id: 1, a: [1, 2, 3], b: 1 }, 1)).toEqual({ _id: 1, a: [2] });
    expect(() => project({ a: [1] })).toThrow(expect.objectContaining({ code: 51246 }));
  });
});
