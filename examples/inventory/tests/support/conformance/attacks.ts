/** The attacks that every API meets (OWASP API Security Top 10). Each is refused by a guard of its own: break one and a test fails. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../resource.ts';

export function attacks(resource: Resource): void {
  const { path } = resource;
  const post = async (body: unknown) => resource.api.post(path, body, resource.keyed());

  describe('attack', () => {
    it.each([
      '_id[$ne]=x',
      '_id[$gt]=',
      '$where=sleep(2000)',
      '$or[0][_id]=x',
      '_rev[$regex]=.*',
      'or[0][$where]=1',
      '_id[ne][$gt]=1',
      '_id={"$ne":null}',
    ])('operator: %s is refused', async (query) => {
      const answer = await resource.api.get(`${path}?${query}`);
      expect(answer.status, answer.text).toBe(400);
      expect(answer.problem.errors).toHaveLength(1);
    });

    it('operator: an object is no value', async () => {
      const body = await resource.body();
      for (const name of Object.keys(resource.model.fields)) {
        const field = resource.model.fields[name];
        if (field?.type === 'json' || field?.readonly === true) continue;
        const answer = await post({ ...body, [name]: { $gt: '' } });
        expect(answer.status, `${name} ${answer.text}`).toBe(400);
      }
    });

    it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
      'proto: %s is no parameter, operator or field',
      async (name) => {
        for (const query of [
          `${name}=1`,
          `_id[${name}]=1`,
          `${name}[x]=1`,
          `sort=${name}`,
          `fields=${name}`,
          `embed=${name}`,
        ])
          expect((await resource.api.get(`${path}?${query}`)).status, query).toBe(400);
        const body = JSON.stringify(await resource.body()).slice(0, -1);
        const comma = body === '{' ? '' : ',';
        const answer = await post(`${body}${comma}"${name}":{"polluted":true}}`);
        expect(answer.status, answer.text).toBe(400);
        expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      },
    );

    it.each([
      '$set',
      '$where',
      'a.b',
      '_bsontype',
      'a\u0000b',
      'isAdmin',
      'role',
      'createdBy',
      'deletedAt',
    ])('mass assignment: the key %j is refused', async (key) => {
      const body = await resource.body({ [key]: { x: 1 } });
      const made = await post(body);
      expect(made.status, made.text).toBe(400);
      const item = await resource.make();
      const headers = resource.matching(item);
      const patched = await resource.api.patch(resource.at(item), { [key]: 'x' }, headers);
      expect(patched.status, patched.text).toBe(400);
      const put = await resource.api.put(resource.at(item), body, headers);
      expect(put.status, put.text).toBe(400);
      expect((await resource.api.get(resource.at(item))).item).toEqual(item);
    });

    it('mass assignment: what the server owns stays as it is', async () => {
      const item = await resource.make();
      for (const change of [
        { _id: '665f1c665f1c665f1c665f1c' },
        { createdAt: '2020-01-01T00:00:00.000Z' },
        { updatedAt: '2020-01-01T00:00:00.000Z' },
      ]) {
        const answer = await resource.api.patch(resource.at(item), change, resource.matching(item));
        expect(answer.status, answer.text).toBe(400);
        expect(answer.problem.errors).toMatchObject([{ code: 'readonly_field' }]);
      }
      expect((await resource.api.get(resource.at(item))).item).toEqual(item);
    });

    it('size: more than 100 kB is 413', async () => {
      const answer = await post(`{"x":"${'a'.repeat(110_000)}"}`);
      expect(answer.status).toBe(413);
      expect(answer.problem.code).toBe('body_too_large');
    });

    it('size: a long URL and many parameters are refused', async () => {
      const many = Array.from({ length: 60 }, (_, i) => `f${String(i)}=1`).join('&');
      expect((await resource.api.get(`${path}?${many}`)).status).toBe(400);
      const long = await resource.api.get(`${path}?_id[in]=${'a'.repeat(9000)}`);
      expect([400, 414]).toContain(long.status);
    });

    it.each([9, 200, 1000, 45_000])('depth: %i levels are 400', async (levels) => {
      for (const text of [
        `{"x":${'['.repeat(levels)}${']'.repeat(levels)}}`,
        `${'{"a":'.repeat(Math.min(levels, 15_000))}1${'}'.repeat(Math.min(levels, 15_000))}`,
      ]) {
        const answer = await post(text);
        expect(answer.status, answer.text.slice(0, 200)).toBe(400);
      }
    });

    it.each(['..%2f..%2fetc%2fpasswd', '%00', '{"$gt":""}', "1'%20OR%20'1'='1", 'a'.repeat(2000)])(
      'id: %s is no id, for any method',
      async (id) => {
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
          const answer = await resource.api.request(method, `${path}/${id}`, {
            headers: { 'if-match': '"1"' },
            ...(method === 'PUT' || method === 'PATCH' ? { body: await resource.body() } : {}),
          });
          expect([400, 404], `${method} ${answer.text}`).toContain(answer.status);
        }
      },
    );

    it('numbers: Infinity and unsafe integers are refused where a number is meant', async () => {
      const numbers = Object.entries(resource.model.fields).filter(
        ([, field]) =>
          /^(integer|number)$/.test(field.type) && field.readonly !== true && field.array !== true,
      );
      for (const [name] of numbers) {
        const body = await resource.body({ [name]: 'HERE' });
        const answer = await post(JSON.stringify(body).replace('"HERE"', '1e309'));
        expect(answer.status, answer.text).toBe(400);
      }
    });
  });
}
