/** Unique fields: one winner, everybody else a 409 that gives nothing away. */
import { describe, expect, it } from 'vitest';
import { isPrivate } from '../../../app/core/model.ts';
import type { Resource } from '../resource.ts';

export function conflicting(resource: Resource): void {
  const { model, path } = resource;
  const unique = Object.entries(model.fields).filter(
    ([, field]) => field.unique === true && field.readonly !== true,
  );

  describe.skipIf(unique.length === 0)('conflicts', () => {
    it.each(unique)('answers 409 to a second document with the same %s', async (name) => {
      const first = await resource.body();
      const made = await resource.api.post(path, first, resource.keyed());
      expect(made.status, made.text).toBe(201);

      const body = await resource.body({ [name]: first[name] });
      const twin = await resource.api.post(path, body, resource.keyed());
      expect(twin.status, twin.text).toBe(409);
      expect(twin.problem.code).toBe('duplicate');
      const field = model.fields[name];
      // A private field is not named to anybody.
      const named = field !== undefined && isPrivate(field) ? undefined : `#/${name}`;
      expect(twin.problem.errors?.[0]?.pointer).toBe(named);
      const value: unknown = first[name];
      if (typeof value === 'string') expect(twin.text).not.toContain(value);
      expect(twin.text).not.toMatch(/E11000|index:|dup key/i);
    });

    it.each(unique)('answers 409 to a change that takes the %s of another', async (name) => {
      if (resource.capacity < 2) return;
      const first = await resource.body();
      const made = await resource.api.post(path, first, resource.keyed());
      expect(made.status, made.text).toBe(201);
      const second = await resource.make();
      const taken = await resource.api.patch(
        resource.at(second),
        { [name]: first[name] },
        resource.matching(second),
      );
      expect(taken.status, taken.text).toBe(409);
      expect((await resource.api.get(resource.at(second))).item).toEqual(second);
    });

    it('lets one of ten equal posts through', async () => {
      const body = await resource.body();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => resource.api.post(path, body, resource.keyed())),
      );
      const statuses = answers.map((answer) => answer.status).sort();
      expect(statuses).toEqual([201, ...Array<number>(9).fill(409)]);
    });
  });
}
