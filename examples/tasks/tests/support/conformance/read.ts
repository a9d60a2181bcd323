/** GET, HEAD of one document: validators, caching headers, unknown and malformed ids. */
import { describe, expect, it } from 'vitest';
import type { Answer } from '../client.ts';
import type { Resource } from '../resource.ts';

export const unknownId = '000000000000000000000000';

export function reading(resource: Resource): void {
  const { path } = resource;

  describe('read', () => {
    it('answers the bare document with its validators and caching rules', async () => {
      const item = await resource.make();
      const read = await resource.api.get(resource.at(item));

      expect(read.status).toBe(200);
      expect(read.item).toEqual(item);
      expect(read.headers.get('etag')).toBe(`"${String(item._rev)}"`);
      expect(Date.parse(read.headers.get('last-modified') ?? '')).toBe(
        Math.floor(Date.parse(item.updatedAt) / 1000) * 1000,
      );
      expect(read.headers.get('cache-control')).toBe('no-cache');
      expect(read.headers.get('vary')).toMatch(/Accept(,|$).*Authorization/);
    });

    it('answers 304 while the client’s copy is current', async () => {
      const item = await resource.make();
      for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
        const read = await resource.api.get(resource.at(item), { 'if-none-match': tag });
        expect(read.status, tag).toBe(304);
        expect(read.text).toBe('');
      }
      const other = await resource.api.get(resource.at(item), { 'if-none-match': '"7"' });
      expect(other.status).toBe(200);
    });

    it('answers 304 to If-Modified-Since, but only without If-None-Match', async () => {
      const item = await resource.make();
      const later = new Date(Date.parse(item.updatedAt) + 1000).toUTCString();
      const unchanged = await resource.api.get(resource.at(item), { 'if-modified-since': later });
      expect(unchanged.status).toBe(304);
      const outvoted = await resource.api.get(resource.at(item), {
        'if-modified-since': later,
        'if-none-match': '"7"',
      });
      expect(outvoted.status).toBe(200);
    });

    it('answers 404 for an unknown id, and the same for a malformed one', async () => {
      const missing = await resource.api.get(`${path}/${unknownId}`);
      expect(missing.status).toBe(404);
      expect(missing.problem.code).toBe('not_found');
      for (const id of ['abc', '1', `${unknownId}0`, '%24ne', '[object%20Object]', '__proto__']) {
        const malformed = await resource.api.get(`${path}/${id}`);
        expect(malformed.status, id).toBe(404);
        expect(sameForAll(malformed)).toEqual(sameForAll(missing));
      }
    });

    it('answers HEAD with the headers of GET and no body', async () => {
      const item = await resource.make();
      for (const at of [resource.at(item), `${path}?${resource.only([item])}`]) {
        const read = await resource.api.get(at);
        const head = await resource.api.request('HEAD', at);
        expect(head.status).toBe(200);
        expect(head.text).toBe('');
        for (const name of [
          'etag',
          'content-type',
          'content-length',
          'last-modified',
          'link',
          'vary',
        ])
          expect(head.headers.get(name), name).toBe(read.headers.get(name));
      }
    });

    it('answers 400 to a parameter it does not know', async () => {
      const item = await resource.make();
      const refused = await resource.api.get(`${resource.at(item)}?noSuchField=red`);
      expect(refused.status).toBe(400);
      expect(refused.problem.errors).toMatchObject([
        { parameter: 'noSuchField', code: 'unknown_parameter' },
      ]);
    });
  });
}

/** What a 404 says apart from the request it answers. */
function sameForAll(answer: Answer): object {
  return { ...answer.problem, instance: '', requestId: '' };
}
