import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { format } from '../../src/render/format.ts';
import { json, manifestJson } from '../../src/render/writers/json.ts';
import { ts } from '../../src/render/writers/typescript.ts';
import { fc } from '../properties.ts';
import { hostileText } from './hostile.ts';

const many = { numRuns: 10_000 };

/** Characters that a reader of a source file does not see, and the end of a script in HTML. */
const hidden = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}|<\//u;

/** All at once: a context each would take most of the time. */
const evaluate = (literals: readonly string[]): unknown[] =>
  Array.from(
    runInNewContext(`[${literals.map((literal) => `(${literal})`).join(',\n')}]`) as unknown[],
  );

/** Values of every shape, as plain data; no `undefined`, which is the same as left out. */
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    hostileText,
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.integer(),
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(hostileText, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Through JSON text, so that objects of another realm compare by what they hold. */
const plain = (some: unknown): string => JSON.stringify(some);

describe('the TypeScript writer', () => {
  it('G7 gives literals that evaluate to the same text, without a hidden character', () => {
    const texts = fc.sample(hostileText, { numRuns: 10_000, seed: 5 });
    const literals = texts.map((text) => String(ts(text)));
    expect(evaluate(literals)).toEqual(texts);
    for (const literal of literals) {
      expect(literal).not.toMatch(hidden);
      expect(literal).not.toContain('\n');
    }
  });

  it('G7 gives values of every shape back, keys like __proto__ among them', () => {
    const values = fc.sample(value, { numRuns: 2_000, seed: 6 });
    const read = evaluate(values.map((some) => String(ts(some))));
    expect(read.map(plain)).toEqual(values.map(plain));
    const [own] = evaluate([String(ts(JSON.parse('{"__proto__":{"admin":true},"a":1}')))]);
    expect(Object.keys(own as object)).toEqual(['__proto__', 'a']);
  });

  it('lays values out as prettier does, which then need not run', async () => {
    for (const some of fc.sample(value, { numRuns: 150, seed: 7 })) {
      const member = typeof some === 'object' && some !== null ? some : [some];
      const text = `export const a = {\n  b: ${String(ts({ c: member }, 2, 4))},\n};\n`;
      // Wide characters are prettier's business: see stable.ts.
      if (/^[\x20-\x7e\n]*$/.test(text) && text.includes('\n  b: {\n'))
        expect(await format('a.ts', text)).toBe(text);
    }
  });

  it.each([
    ['plain', "'plain'"],
    ["it's", '"it\'s"'],
    [`"it's"`, `'"it\\'s"'`],
    ['a\u2028b', "'a\\u2028b'"],
    ['\ud800', "'\\ud800'"],
    ['</b>', "'\\u003c/b>'"],
    ['\r\n\t', "'\\r\\n\\t'"],
  ])('writes %j as %s', (text, literal) => {
    expect(String(ts(text))).toBe(literal);
  });
});

describe('the JSON writer', () => {
  it.each([
    ['json', json],
    ['manifestJson', manifestJson],
  ])('G7 %s gives every value back, without a hidden character', (_name, write) => {
    fc.assert(
      fc.property(value, hostileText, (some, text) => {
        const document = { some, [text]: text };
        const written = String(write(document));
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(document)));
        expect(written).not.toMatch(hidden);
      }),
      many,
    );
  });

  it('lays values out as prettier does', async () => {
    for (const some of fc.sample(value, { numRuns: 150, seed: 8 })) {
      const text = `${String(json({ some }))}\n`;
      if (/^[\x20-\x7e\n]*$/.test(text)) expect(await format('a.json', text)).toBe(text);
    }
    const numbers = `${String(json({ list: [1e21, -1e21, 1e-7, 0.5, -3] }))}\n`;
    expect(await format('a.json', numbers)).toBe(numbers);
  });
});
