import { expect, test } from 'vitest';
import { boundProblems } from '../../src/spec/defaults.ts';
import type { FieldSpec } from '../../src/spec/schema.ts';
import { fc } from '../properties.ts';

const limit = fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined });
const fields = fc.record({
  type: fc.constantFrom<FieldSpec['type']>('integer', 'number'),
  min: limit,
  max: limit,
});

test('what is known of a field that was checked before is what is wrong with it', () => {
  fc.assert(
    fc.property(fc.array(fields, { minLength: 1, maxLength: 20 }), (some) => {
      for (const field of [...some, ...some]) {
        const { min = -9, max = 9 } = field;
        expect(boundProblems(field as FieldSpec).length).toBe(min > max ? 1 : 0);
      }
    }),
  );
});
