/** POST of an array: all of it or nothing. */
import { describe, expect, it } from 'vitest';
import { isPrivate } from '../../../app/core/model.ts';
import { writable } from '../fields.ts';
import type { Resource } from '../resource.ts';

export function bulkCreating(resource: Resource): void {
  const { model, path } = resource;

  describe('bulk create', () => {
    it('makes every document and answers them in order', async () => {
      const bodies = await several();
      const made = await resource.api.post(path, bodies, resource.keyed());
      expect(made.status, made.text).toBe(201);
      expect(made.json()).toMatchObject({ meta: { inserted: bodies.length } });
      for (const item of made.list.data)
        expect((await resource.api.get(resource.at(item))).item).toEqual(item);
    });

    it('writes nothing when one document is invalid, and says which', async () => {
      const bodies = [...(await several()), { noSuchField: 'red' }];
      const before = await total();
      const refused = await resource.api.post(path, bodies, resource.keyed());
      expect(refused.status).toBe(400);
      expect(refused.problem.errors?.map((error) => error.pointer)).toContain(
        `#/${String(bodies.length - 1)}/noSuchField`,
      );
      expect(await total()).toBe(before);
    });

    const unique = writable(model).find(
      ([, field]) => field.unique === true && field.required === true && !isPrivate(field),
    );
    it.runIf(unique !== undefined)('rolls back when a unique value is taken', async () => {
      const body = await resource.body();
      const twin = await resource.body({ [unique?.[0] ?? '']: body[unique?.[0] ?? ''] });
      const before = await total();
      const refused = await resource.api.post(path, [body, twin], resource.keyed());
      expect(refused.status, refused.text).toBe(409);
      expect(refused.problem.errors).toMatchObject([{ code: 'duplicate' }]);
      expect(await total()).toBe(before);
    });

    it('answers 400 to an empty array and to more than 100 documents', async () => {
      const empty = await resource.api.post(path, [], resource.keyed());
      expect(empty.status).toBe(400);
      expect(empty.problem.code).toBe('invalid_body');
      const many = await resource.api.post(path, Array(101).fill({}), resource.keyed());
      expect(many.status).toBe(400);
      expect(many.problem.code).toBe('too_many_items');
    });
  });

  async function several(): Promise<object[]> {
    const bodies: object[] = [];
    while (bodies.length < Math.min(3, resource.capacity)) bodies.push(await resource.body());
    return bodies;
  }

  async function total(): Promise<number | undefined> {
    return (await resource.api.get(`${path}?limit=0&count=exact`)).list.meta.total;
  }
}
