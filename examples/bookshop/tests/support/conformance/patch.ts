/** PATCH: JSON Merge Patch (RFC 7396) onto the stored document. */
import { describe, expect, it } from 'vitest';
import { isPrivate } from '../../../app/core/model.ts';
import { answered, writable } from '../fields.ts';
import type { Resource } from '../resource.ts';
import { unknownId } from './read.ts';

export function patching(resource: Resource): void {
  const { model, path } = resource;
  const fields = writable(model).filter(([, field]) => !isPrivate(field));

  describe('patch', () => {
    it.each(fields)('changes %s and leaves the rest alone', async (name, field) => {
      const item = await resource.make();
      const value = (await resource.body())[name];
      const patched = await resource.api.patch(
        resource.at(item),
        { [name]: value },
        resource.matching(item),
      );
      expect(patched.status, patched.text).toBe(200);
      const shown = answered(field, value);
      const merged =
        field.type === 'object' && field.array !== true
          ? { ...(item[name] as object), ...(shown as object) }
          : shown;
      expect(patched.item).toEqual({
        ...item,
        [name]: merged,
        _rev: patched.item._rev,
        updatedAt: patched.item.updatedAt,
      });
      const unchanged = JSON.stringify(item[name]) === JSON.stringify(merged);
      // A private member that changed does not show.
      if (JSON.stringify(shown) === JSON.stringify(value))
        expect(patched.item._rev).toBe(unchanged ? 1 : 2);
      expect(patched.headers.get('etag')).toBe(`"${String(patched.item._rev)}"`);
    });

    it('takes merge-patch+json and plain JSON alike', async () => {
      const item = await resource.make();
      for (const type of ['application/merge-patch+json', 'application/json']) {
        const headers = { ...resource.matching(item), 'content-type': type };
        const patched = await resource.api.patch(resource.at(item), {}, headers);
        expect(patched.status, patched.text).toBe(200);
      }
    });

    it('writes nothing for {}', async () => {
      const item = await resource.make();
      const patched = await resource.api.patch(resource.at(item), {}, resource.matching(item));
      expect(patched.status).toBe(200);
      expect(patched.item).toEqual(item);
    });

    it('never brings a default back', async () => {
      const optional = fields.filter(
        ([, field]) => field.default !== undefined && field.required !== true,
      );
      if (optional.length === 0) return;
      const item = await resource.make();
      const gone = Object.fromEntries(optional.map(([name]) => [name, null]));
      const cleared = await resource.api.patch(resource.at(item), gone, resource.matching(item));
      expect(cleared.status, cleared.text).toBe(200);
      const again = await resource.api.patch(
        resource.at(item),
        {},
        resource.matching(cleared.item),
      );
      for (const [name] of optional) expect(again.item).not.toHaveProperty([name]);
    });

    it('removes a field that is set to null', async () => {
      const item = await resource.make();
      const optional = fields.filter(([name, field]) => name in item && field.required !== true);
      if (optional.length === 0) return;
      const patched = await resource.api.patch(
        resource.at(item),
        Object.fromEntries(optional.map(([name]) => [name, null])),
        resource.matching(item),
      );
      expect(patched.status, patched.text).toBe(200);
      for (const [name] of optional) expect(patched.item).not.toHaveProperty([name]);
    });

    it('refuses to remove a required field', async () => {
      const required = fields.filter(([, field]) => field.required === true);
      if (required.length === 0) return;
      const item = await resource.make();
      for (const [name] of required) {
        const patched = await resource.api.patch(
          resource.at(item),
          { [name]: null },
          resource.matching(item),
        );
        expect(patched.status).toBe(400);
        expect(patched.problem.errors).toMatchObject([{ pointer: `#/${name}`, code: 'required' }]);
      }
      expect((await resource.api.get(resource.at(item))).item).toEqual(item);
    });

    it('answers 415 to another patch format, and names those it takes', async () => {
      const item = await resource.make();
      const patched = await resource.api.patch(resource.at(item), '[]', {
        ...resource.matching(item),
        'content-type': 'application/json-patch+json',
      });
      expect(patched.status).toBe(415);
      expect(patched.headers.get('accept-patch')).toBe(
        'application/merge-patch+json, application/json',
      );
      expect(patched.problem.status).toBe(415);
    });

    it('answers 404 for an unknown or malformed id', async () => {
      const headers: Record<string, string> =
        model.requireIfMatch === true ? { 'if-match': '"1"' } : {};
      for (const id of [unknownId, 'abc'])
        expect((await resource.api.patch(`${path}/${id}`, {}, headers)).status, id).toBe(404);
    });
  });
}
