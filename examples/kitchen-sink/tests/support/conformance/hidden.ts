/** Private fields are written and never seen again; read-only fields are seen and never written. */
import { describe, expect, it } from 'vitest';
import { fieldPaths, isPrivate } from '../../../app/core/model.ts';
import { isReserved } from '../../../app/core/reserved.ts';
import { sampleOf } from '../../../app/core/types.ts';
import type { Answer } from '../client.ts';
import type { Resource } from '../resource.ts';

export function hiding(resource: Resource): void {
  const { model, path } = resource;
  const secrets = fieldPaths(model.fields, { privates: true }).filter(({ field }) =>
    isPrivate(field),
  );
  const top = secrets.filter(({ path: name }) => !name.includes('.'));
  const fixed = Object.entries(model.fields).filter(([, field]) => field.readonly === true);

  describe.skipIf(secrets.length === 0)('private fields', () => {
    it('are in no answer', async () => {
      const passwords = top.filter(({ field }) => field.type === 'password');
      const body = await resource.body(
        Object.fromEntries(passwords.map(({ path: name, field }) => [name, sampleOf(field, 1)])),
      );
      const made = await resource.api.post(path, body, resource.keyed());
      expect(made.status, made.text).toBe(201);
      const item = made.item;
      const answers = [
        made,
        await resource.api.get(resource.at(item)),
        await resource.api.get(`${path}?${resource.only([item])}`),
        await resource.api.put(resource.at(item), body, { 'if-match': '*' }),
        await resource.api.patch(resource.at(item), top.length > 0 ? pick(body) : {}, {
          'if-match': '*',
        }),
        await resource.api.post(path, body, resource.keyed()),
      ];
      const shown = JSON.stringify(item); // another field may have the same sample value
      for (const { path: name } of top) {
        const value = JSON.stringify(body[name]);
        for (const answer of answers) {
          for (const document of documents(answer)) expect(document).not.toHaveProperty([name]);
          if (value.length > 6 && !shown.includes(value))
            expect(answer.text).not.toContain(value.slice(1, -1));
        }
      }
    });

    it.each(secrets.map((one) => [one.path]))(
      'do not exist for the query language: %s',
      async (name) => {
        const unknown = `${name.slice(0, -1)}${name.endsWith('q') ? 'z' : 'q'}`;
        for (const query of [
          // `page=a` asks for a page, whatever the fields are called.
          (field: string) => (isReserved(name) ? `${field}[eq]=a` : `${field}=a`),
          (field: string) => `${field}[startsWith]=a`,
          (field: string) => `or[0][${field}]=a`,
          (field: string) => `sort=${field}`,
          (field: string) => `fields=${field}`,
          (field: string) => `fields=-${field}`,
          (field: string) => `embed=${field}`,
        ]) {
          const secret = await resource.api.get(`${path}?${query(name)}`);
          const nothing = await resource.api.get(`${path}?${query(unknown)}`);
          expect(secret.status, query(name)).toBe(400);
          const same = nothing.text.replaceAll(unknown, name);
          expect(anonymous(secret.text)).toBe(anonymous(same));
        }
      },
    );

    const pick = (body: Record<string, unknown>): object =>
      Object.fromEntries(top.map(({ path: name }) => [name, body[name]]));
  });

  describe.skipIf(fixed.length === 0)('read-only fields', () => {
    it.each(fixed)('refuses %s on POST', async (name, field) => {
      const value = field.array === true ? [] : 'x';
      const refused = await resource.api.post(
        path,
        await resource.body({ [name]: value }),
        resource.keyed(),
      );
      expect(refused.status).toBe(400);
      const mistake = { pointer: `#/${name}`, code: 'readonly_field' };
      expect(refused.problem.errors).toContainEqual(expect.objectContaining(mistake));
    });

    it.each(fixed)('accepts %s on PATCH only if it is what is stored', async (name) => {
      const item = await resource.make();
      const refused = await resource.api.patch(
        resource.at(item),
        { [name]: 'something else' },
        resource.matching(item),
      );
      expect(refused.status).toBe(400);
      if (!(name in item)) return;
      const equal = await resource.api.patch(
        resource.at(item),
        { [name]: item[name] },
        resource.matching(item),
      );
      expect(equal.status, equal.text).toBe(200);
      expect(equal.item).toEqual(item);
    });
  });
}

/** What an answer holds: the members of a list, or itself. */
const documents = (answer: Answer): readonly object[] => {
  const body = answer.json() as { readonly data?: readonly object[] };
  return body.data ?? [body];
};

const anonymous = (text: string): string =>
  text
    .replace(/"(requestId|instance)":"[^"]*"/g, '"$1":""')
    // The nearest public name, which depends on the spelling of the unknown one.
    .replace(/; did you mean [^?]*\?/g, '');
