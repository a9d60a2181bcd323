/** PUT: the whole document is exchanged, or made at an id of the client's choice. */
import { describe, expect, it } from 'vitest';
import { isPrivate } from '../../../app/core/model.ts';
import { answered, writable } from '../fields.ts';
import type { Resource } from '../resource.ts';
import { unknownId } from './read.ts';

export function replacing(resource: Resource): void {
  const { model, path } = resource;

  describe('replace', () => {
    it('exchanges the whole document and keeps _id and createdAt', async () => {
      const item = await resource.make();
      const body = await resource.smallBody();
      const put = await resource.api.put(resource.at(item), body, resource.matching(item));

      expect(put.status, put.text).toBe(200);
      expect(put.item).toMatchObject({ _id: item._id, createdAt: item.createdAt, _rev: 2 });
      expect(put.headers.get('etag')).toBe('"2"');
      for (const [name, field] of writable(model)) {
        if (isPrivate(field)) continue;
        if (name in body) expect(put.item[name]).toEqual(answered(field, body[name]));
        else if (field.default === undefined) expect(put.item).not.toHaveProperty([name]);
        else expect(put.item[name]).toEqual(field.default);
      }
      expect((await resource.api.get(resource.at(item))).item).toEqual(put.item);
    });

    it('accepts what GET answered, edited or not', async () => {
      const item = await resource.make();
      const put = await resource.api.put(resource.at(item), item, resource.matching(item));
      expect(put.status, put.text).toBe(200);
      expect(visible(put.item)).toEqual(visible(item));
    });

    it('answers 404 for an unknown id and makes nothing', async () => {
      const body = await resource.body();
      const headers: Record<string, string> =
        model.requireIfMatch === true ? { 'if-match': '"1"' } : {};
      const put = await resource.api.put(`${path}/${unknownId}`, body, headers);
      expect(put.status, put.text).toBe(404);
      expect((await resource.api.get(`${path}/${unknownId}`)).status).toBe(404);
    });

    it('makes a document at a chosen id with If-None-Match: *, once', async () => {
      const id = `${Date.now().toString(16).padStart(12, '0')}${crypto.randomUUID().slice(-12)}`;
      const body = await resource.body();
      const made = await resource.api.put(`${path}/${id}`, body, { 'if-none-match': '*' });
      expect(made.status, made.text).toBe(201);
      expect(made.item._id).toBe(id);
      expect(made.headers.get('location')).toMatch(new RegExp(`${path}/${id}$`));
      expect(made.headers.get('etag')).toBe('"1"');

      const again = await resource.api.put(`${path}/${id}`, body, { 'if-none-match': '*' });
      expect(again.status).toBe(412);
    });

    it('names every required field that is missing', async () => {
      // What is private is kept: a client cannot send back what it never saw.
      const required = writable(model)
        .filter(([, field]) => field.required === true && field.default === undefined)
        .filter(([, field]) => !isPrivate(field))
        .map(([name]) => name);
      if (required.length === 0) return;
      const item = await resource.make();
      const put = await resource.api.put(resource.at(item), {}, resource.matching(item));
      expect(put.status).toBe(400);
      expect(put.problem.errors).toMatchObject(
        required.map((name) => ({ pointer: `#/${name}`, code: 'required' })),
      );
    });
  });

  const visible = (item: object): object => ({ ...item, _rev: 0, updatedAt: '' });
}
