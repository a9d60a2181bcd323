/** Bodies that are wrong, one way at a time: every refusal says what to mend, and nothing is written. */
import { describe, expect, it } from 'vitest';
import { invalidOf } from '../../../app/core/types.ts';
import { isText, writable } from '../fields.ts';
import type { Resource } from '../resource.ts';

export function refusing(resource: Resource): void {
  const { model, path } = resource;
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    resource.api.post(path, body, { ...resource.keyed(), ...headers });

  describe('bad input', () => {
    it.each([
      ['another content type', { 'content-type': 'text/plain' }, 'hello'],
      ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'name=x'],
      ['no content type', { 'content-type': '' }, new TextEncoder().encode('{}')],
    ])('answers “Request must be JSON” to %s', async (_, headers, body) => {
      for (const answer of [
        await post(body, headers),
        await resource.api.put(`${path}/000000000000000000000000`, body, headers),
      ]) {
        expect(answer.status).toBe(400);
        expect(answer.problem).toMatchObject({ code: 'not_json', error: 'Request must be JSON' });
        expect(answer.headers.get('accept-post')).toContain('application/json');
      }
    });

    it.each(['{"a":', '{', "{'a':1}", '{"a":1}}', 'nonsense-xyz'])(
      'answers 400 to the text %j without quoting it',
      async (text) => {
        const answer = await post(text);
        expect(answer.status).toBe(400);
        expect(answer.problem.code).toBe('invalid_json');
        expect(answer.text).not.toMatch(/nonsense-xyz|Unexpected|position|SyntaxError/);
      },
    );

    it.each(['"text"', '5', 'null', 'true', '[]'])('answers 400 to the body %s', async (text) => {
      const answer = await post(text);
      expect(answer.status).toBe(400);
      expect(['invalid_body', 'invalid_json']).toContain(answer.problem.code);
    });

    const required = writable(model).filter(
      ([, field]) => field.required === true && field.default === undefined,
    );

    it.runIf(required.length > 0)('names every required field of an empty body', async () => {
      for (const body of [{}, '']) {
        const answer = await post(body);
        expect(answer.status).toBe(400);
        expect(answer.problem.code).toBe('validation_error');
        expect(answer.problem.errors).toMatchObject(
          required.map(([name]) => ({ pointer: `#/${name}`, code: 'required' })),
        );
        expect(answer.problem.error).toMatch(/ is required/);
      }
    });

    it.each(required.filter(([, field]) => isText(field) && field.array !== true))(
      'counts a blank %s as missing',
      async (name) => {
        const answer = await post(await resource.body({ [name]: '  ' }));
        expect(answer.status).toBe(400);
        expect(answer.problem.errors).toMatchObject([{ pointer: `#/${name}`, code: 'required' }]);
      },
    );

    const fields = writable(model).filter(([, field]) => field.type !== 'json');

    it.each(fields)('refuses every wrong value for %s', async (name, field) => {
      for (const sent of invalidOf(field)) {
        const answer = await post(await resource.body({ [name]: sent }));
        expect(answer.status, `${JSON.stringify(sent)} ${answer.text}`).toBe(400);
        for (const error of answer.problem.errors ?? [])
          expect(error.pointer).toMatch(new RegExp(`^#/${name}(/|$)`));
      }
    });

    it.each(fields.filter(([, field]) => field.array === true))(
      'takes nothing but an array for %s',
      async (name) => {
        const [value] = (await resource.body())[name] as unknown[];
        const answer = await post(await resource.body({ [name]: value }));
        expect(answer.status).toBe(400);
        expect(answer.problem.errors).toMatchObject([{ pointer: `#/${name}`, code: 'type' }]);
      },
    );

    it.each(fields.filter(([, field]) => field.type === 'ref'))(
      'answers 400 to a %s that does not exist',
      async (name, field) => {
        const id = 'ffffffffffffffffffffffff';
        const answer = await post(
          await resource.body({ [name]: field.array === true ? [id] : id }),
        );
        expect(answer.status).toBe(400);
        expect(answer.problem.errors).toMatchObject([{ code: 'reference' }]);
        expect(answer.problem.detail).toContain('does not exist');
      },
    );

    it('refuses a field that the model does not have', async () => {
      const answer = await post(await resource.body({ noSuchField: 'red' }));
      expect(answer.status).toBe(400);
      expect(answer.problem.errors).toMatchObject([
        { pointer: '#/noSuchField', code: 'unknown_field' },
      ]);
    });

    it('lists at most 20 mistakes', async () => {
      const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${String(i)}`, i]));
      const answer = await post(await resource.body(many));
      expect(answer.problem.errors).toHaveLength(20);
      expect(answer.problem.truncated).toBe(true);
    });

    it.each([
      ['charset=foo', { 'content-type': 'application/json; charset=foo' }],
      ['Content-Encoding: foo', { 'content-encoding': 'foo' }],
    ])('answers 415 to %s', async (_, headers) => {
      const answer = await post('{}', headers);
      expect(answer.status).toBe(415);
      expect(answer.problem.status).toBe(415);
    });
  });
}
