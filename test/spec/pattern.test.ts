import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../src/spec/parse.ts';
import { patternProblem } from '../../src/spec/pattern.ts';
import { fc } from '../properties.ts';
import { specText } from './support.ts';

/** The least of three: a busy machine may stop the clock's process once, but not three times in a row. */
const milliseconds = (work: () => unknown): number =>
  Math.min(
    ...[0, 1, 2].map(() => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );

describe('G18 a pattern is accepted', () => {
  it.each([
    '^[a-z]+$',
    '^[A-Z]{3}-\\d{4}$',
    '^[a-z0-9]+(-[a-z0-9]+)*$',
    '^(draft|done)$',
    '^\\+?[0-9 ]{6,20}$',
    '\\S',
    'a{2,4}',
    '^#[0-9a-fA-F]{6}$',
    '^\\d{3}(-\\d{2})?$',
    '^https?://[^/]+',
    '^[^\\s@]+@[^\\s@]+$',
    '^\\d{1,3}(\\.\\d{1,3}){3}$',
  ])('%s', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });
});

describe('G18 a pattern is refused', () => {
  it.each([
    ['^(a+)+$', 'more than one way'],
    ['^(a|a)*$', 'more than one way'],
    ['^(a|aa)+$', 'more than one way'],
    ['^(\\w+\\s?)*$', 'more than one way'],
    ['^(.*)*$', 'may be empty'],
    ['^\\d+\\d+$', 'more than one way'],
    ['^.*foo$', 'more than one way'],
    ['^(a?){30}a{30}$', 'may be empty'],
    ['^([a-z]{1,5}){1,5}$', 'more than one way'],
    ['\\s+$', 'does not begin with \\^'],
    ['(x+x+)+y', 'does not begin'],
    ['^(?=a)b', 'look-around'],
    ['^(?<n>a)$', 'look-around'],
    ['^(a)\\1$', 'not supported'],
    ['^\\p{L}+$', 'not supported'],
    ['^a$b', 'in the middle'],
    ['^(a', 'without a \\)'],
    ['^a)', 'without a \\('],
    ['^[a', 'without a \\]'],
    ['^[z-a]$', 'out of order'],
    ['^(a{100}){100}$', 'too large'],
    ['^a**$', 'two repetitions'],
    ['+a', 'repeats nothing'],
    ['^{7}', 'match no character'],
    ['('.repeat(30) + ')'.repeat(30), 'nests groups'],
  ])('%s', (pattern, why) => {
    expect(patternProblem(pattern)).toMatch(new RegExp(why));
  });
});

it('G18 whatever is accepted answers 10 kB of hostile text at once', () => {
  const atom = fc.constantFrom('a', 'b', '[ab]', '\\w', '.', '(a|b)', '(a+b)', '(ab?)', 'x', '-');
  const times = fc.constantFrom('', '+', '*', '?', '{2}', '{1,3}', '{2,}');
  const patterns = fc
    .array(
      fc.tuple(atom, times).map((part) => part.join('')),
      { minLength: 1, maxLength: 6 },
    )
    .chain((parts) =>
      fc.constantFrom(
        `^${parts.join('')}$`,
        `^(${parts.join('')})*$`,
        `^(${parts.join('')}|b)+x$`,
        parts.join(''),
      ),
    );
  const texts = ['a', 'b', 'ab', 'aab', 'x', 'a-'].map(
    (unit) => `${unit.repeat(10_000 / unit.length)}!`,
  );
  let accepted = 0;
  fc.assert(
    fc.property(patterns, (pattern) => {
      if (patternProblem(pattern) !== undefined) return;
      accepted += 1;
      const expression = new RegExp(pattern, 'u');
      for (const text of texts) {
        expect(milliseconds(() => expression.test(text))).toBeLessThan(100);
      }
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

it.each([
  '^(a+)+$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '^(a|aa)+$',
  `^${'a?'.repeat(30)}${'a'.repeat(30)}$`,
])('G18 %s is refused by every way into a spec, within 100 ms', (pattern) => {
  expect(patternProblem(pattern)).toBeDefined();
  expect(milliseconds(() => patternProblem(pattern))).toBeLessThan(100);
  const text = specText({ a: { type: 'string', pattern } });
  expect(() => parseSpec(text, 'flask-style.json')).toThrow(/has a pattern that/);
  expect(() =>
    parseSpec(specText({ a: { type: 'string', pattern: 'a'.repeat(201) } }), 'x'),
  ).toThrow(/pattern/);
});
