/** Lists asked for with a body: `QUERY` (RFC 10008) and `POST /search`, the same words as in a query string. */
import { METHODS } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.ts';

export function queryMethod(resource: Resource): void {
  const { path } = resource;
  const ways: [string, string, string][] = [['POST', `${path}/search`, 'POST /search']];
  if (METHODS.includes('QUERY')) ways.push(['QUERY', path, 'QUERY']);

  describe.each(ways)('%s %s', (method, at) => {
    const ask = (body: unknown, headers: Record<string, string> = {}) =>
      resource.api.request(method, at, { body, headers });

    it('answers what GET answers', async () => {
      const items = await resource.makeAll();
      const got = await resource.api.get(
        `${path}?${resource.only(items)}&sort=-createdAt,_id&limit=2&fields=createdAt`,
      );
      const asked = await ask({
        '_id[in]': items.map((item) => item._id),
        sort: '-createdAt,_id',
        limit: 2,
        fields: 'createdAt',
      });
      expect(asked.status, asked.text).toBe(200);
      expect(asked.list.data).toEqual(got.list.data);
      expect(asked.list.meta).toMatchObject({ limit: 2, total: items.length });
    });

    it('refuses what a query string may not say', async () => {
      for (const body of [
        { noSuchField: 'red' },
        { '_id[$ne]': '1' },
        { _id: { $ne: null } },
        { $where: 'sleep(1000)' },
        { limit: -1 },
        { sort: { createdAt: 1 } },
      ]) {
        const answer = await ask(body);
        expect(answer.status, JSON.stringify(body)).toBe(400);
      }
    });

    it('needs a JSON object', async () => {
      expect((await ask('a=1', { 'content-type': 'text/plain' })).problem.code).toBe('not_json');
      for (const [body, code] of [
        ['[]', 'invalid_body'],
        ['5', 'invalid_body'],
        ['{"a":', 'invalid_json'],
      ])
        expect((await ask(body)).problem, body).toMatchObject({ status: 400, code });
      expect((await ask({})).status).toBe(200);
    });
  });
}
