/** POST of one document: status, headers, the document that comes back. */
import { describe, expect, it } from 'vitest';
import { isPrivate } from '../../../app/core/model.ts';
import { answered, writable } from '../fields.ts';
import type { Resource } from '../resource.ts';

export function creating(resource: Resource): void {
  const { model, path } = resource;

  describe('create', () => {
    it('answers 201 with the whole document, Location and the first ETag', async () => {
      const body = await resource.body();
      const made = await resource.api.post(path, body, resource.keyed());

      expect(made.status, made.text).toBe(201);
      const { item } = made;
      expect(item._id).toMatch(/^[0-9a-f]{24}$/);
      expect(item._rev).toBe(1);
      expect(item.updatedAt).toBe(item.createdAt);
      expect(new Date(item.createdAt).toISOString()).toBe(item.createdAt);
      expect(made.headers.get('etag')).toBe('"1"');
      expect(made.headers.get('location')).toMatch(new RegExp(`${path}/${item._id}$`));
      expect(item).toMatchObject(answered(model, body) as object);
    });

    it('stores what it answered', async () => {
      const item = await resource.make();
      const read = await resource.api.get(resource.at(item));
      expect(read.item).toEqual(item);
    });

    it('needs only the required fields and fills in the defaults', async () => {
      const item = await resource.makeSmall();
      for (const [name, field] of writable(model)) {
        if (isPrivate(field) || field.required === true) continue;
        if (field.default === undefined) expect(item).not.toHaveProperty([name]);
        else expect(item[name]).toEqual(field.default);
      }
    });

    it('answers an empty 201 to Prefer: return=minimal', async () => {
      const made = await resource.api.post(path, await resource.body(), {
        ...resource.keyed(),
        prefer: 'return=minimal',
      });
      expect(made.status).toBe(201);
      expect(made.text).toBe('');
      expect(made.headers.get('preference-applied')).toBe('return=minimal');
      expect(made.headers.get('location')).toContain(`${path}/`);
      expect(made.headers.get('etag')).toBe('"1"');
    });

    it.each(['_id', '_rev', 'createdAt', 'updatedAt'])(
      'refuses a client’s own %s',
      async (name) => {
        const value =
          { _id: '665f1c665f1c665f1c665f1c', _rev: 1 }[name] ?? '2026-01-02T03:04:05.678Z';
        const body = await resource.body({ [name]: value });
        const refused = await resource.api.post(path, body, resource.keyed());
        expect(refused.status).toBe(400);
        expect(refused.problem.errors).toMatchObject([
          { pointer: `#/${name}`, code: 'readonly_field' },
        ]);
      },
    );
  });
}
