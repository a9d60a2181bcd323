import { expect, test } from 'vitest';
import { contractInputOf } from '../../src/plan/contract-input.ts';
import { contractKeeping } from '../../src/plan/contract-kept.ts';
import { contractOf } from '../../src/plan/contract.ts';
import { featuresOf } from '../../src/plan/features.ts';
import { json } from '../../src/render/writers/json.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { randomSpec } from '../laws/random-spec.ts';
import { fc } from '../properties.ts';
import { specOf } from './support.ts';

const whole = (spec: Spec): string => String(contractOf(spec, featuresOf(spec)));

/** The new contract, as far as it can be made from the old one. */
const keeping = (before: Spec, after: Spec): string | undefined => {
  const input = (spec: Spec) => contractInputOf(spec, featuresOf(spec));
  const document = contractKeeping(input(after), input(before), whole(before));
  return document && String(json(document));
};

const subset = fc.array(fc.boolean(), { minLength: 10, maxLength: 10 });

/** Two specs that have some resources in common, some of them with other fields. */
const pairs = fc
  .record({
    one: randomSpec,
    other: randomSpec,
    before: subset,
    after: subset,
    described: fc.boolean(),
    features: fc.subarray(['webhooks', 'forms', 'dashboard'] as const),
  })
  .map(({ one, other, before, after, described, features }) => {
    const part = (resources: Spec['resources'], chosen: readonly boolean[]): Spec => ({
      ...one,
      ...(!described && { description: 'the same' }),
      features: [...features],
      resources: Object.fromEntries(
        Object.entries(resources).filter((_, index) => chosen[index] ?? true),
      ),
    });
    return {
      before: part(one.resources, before),
      after: {
        ...part({ ...one.resources, ...other.resources }, after),
        ...(described && { description: 'another' }),
      },
    };
  });

test('a contract that keeps what is unchanged is the contract', () => {
  let taken = 0;
  fc.assert(
    fc.property(pairs, ({ before, after }) => {
      const kept = keeping(before, after);
      if (kept === undefined) return;
      taken += 1;
      expect(kept).toBe(whole(after));
    }),
    { numRuns: 60, seed: 3 },
  );
  expect(taken).toBeGreaterThan(10);
});

test('another description of the whole keeps nothing', () => {
  fc.assert(
    fc.property(randomSpec, (spec) => {
      expect(keeping(spec, { ...spec, description: 'another one' })).toBeUndefined();
    }),
    { numRuns: 5, seed: 1 },
  );
});

const thing = { name: { type: 'string' } } as const;

test('no two schemas have one name', () => {
  const spec = specOf({ thing });
  const { components } = JSON.parse(whole(spec)) as {
    components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
  };
  const derived = Object.keys(components.schemas).filter((key) => /^Thing./.test(key));
  expect(derived.length).toBeGreaterThan(3);
  for (const key of derived) {
    const other = `thing${key.slice('Thing'.length)}`;
    expect(() => whole(specOf({ thing, [other]: thing }))).toThrow(
      `"${other}" would be the name of a schema of "thing" in openapi.json`,
    );
  }
});

test('a resource may be called what all answers share', () => {
  const shared = JSON.parse(whole(specOf({ problem: thing, pageMeta: thing, point: thing }))) as {
    components: { schemas: Record<string, { properties: object }> };
  };
  for (const name of ['Problem', 'PageMeta', 'Point'])
    expect(Object.keys(shared.components.schemas[name]?.properties ?? {})).toContain('name');
  expect(shared.components.schemas['problem']?.properties).toHaveProperty('detail');
});
