/** The published schemas against what the API really answers. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isPrivate } from '../../../app/core/model.ts';
import type { Answer } from '../client.ts';
import type { Resource } from '../resource.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0] & object;

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; responses?: Record<string, Reply> };
}
interface Operation {
  responses: Record<string, Reply>;
}
interface Reply {
  $ref?: string;
  content?: Record<string, { schema?: JsonSchema }>;
}

export function schemas(resource: Resource): void {
  const { model, path } = resource;

  describe('schema', () => {
    it('is published as JSON Schema 2020-12', async () => {
      const schemas = '/api/schemas';
      const answer = await resource.api.get(`${schemas}/${model.plural}`, { accept: '*/*' });
      expect(answer.status, answer.text).toBe(200);
      const byPath = await resource.api.get(`${schemas}${model.path}`, { accept: '*/*' });
      expect(byPath.text).toBe(answer.text);
      expect(answer.headers.get('content-type')).toMatch(/^application\/schema\+json/);
      const schema = answer.json() as { $schema: string; properties: Record<string, unknown> };
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(Object.keys(schema.properties)).toEqual(
        expect.arrayContaining(Object.keys(model.fields)),
      );
    });

    it('has every answer of this suite in the OpenAPI description, as described', async () => {
      await resource.make(); // at least one
      const description = await resource.api.get('/openapi.json', { accept: '*/*' });
      expect(description.status).toBe(200);
      const openapi = description.json() as OpenApi;
      expect(openapi.openapi).toMatch(/^3\.1\./);

      const mine = Object.entries(openapi.paths).filter(([template]) => template.startsWith(path));
      expect(mine.map(([template]) => template)).toEqual(
        expect.arrayContaining([path, `${path}/{id}`, `${path}/search`]),
      );
      const wrong = new Set<string>();
      for (const answer of resource.api.answers) {
        const [template, operations] = mine.find(([one]) => matches(one, answer.path)) ?? [];
        const operation = operations?.[answer.method.toLowerCase()];
        if (template === undefined || operation === undefined) continue;
        const mistake = check(openapi, operation, answer);
        if (mistake !== undefined) wrong.add(`${answer.method} ${template} ${mistake}`);
      }
      expect([...wrong]).toEqual([]);
    });

    it('describes private fields as sent, never as answered', async () => {
      const answer = await resource.api.get('/openapi.json', { accept: '*/*' });
      const { components } = answer.json() as OpenApi;
      const hidden = Object.entries(model.fields).filter(([, field]) => isPrivate(field));
      const title = model.name.charAt(0).toUpperCase() + model.name.slice(1);
      const answered = components.schemas[title] as { properties?: object } | undefined;
      for (const [field] of hidden) expect(answered?.properties).not.toHaveProperty([field]);
      expect(answered?.properties).toHaveProperty('_rev');
    });
  });
}

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/\{\w+\}/g, '[0-9a-f]{24}');
  return new RegExp(`^${pattern}$`).test(path.split('?')[0] ?? '');
}

/** What is wrong with an answer, measured by its description. */
function check(openapi: OpenApi, operation: Operation, answer: Answer): string | undefined {
  const status = String(answer.status);
  let reply = operation.responses[status] ?? operation.responses['default'];
  if (reply === undefined) return `answers ${status}, which is not described`;
  if (reply.$ref !== undefined)
    reply = openapi.components.responses?.[reply.$ref.split('/').at(-1) ?? ''] ?? {};
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  if (answer.text === '') return undefined;
  const schema = reply.content?.[type]?.schema;
  if (schema === undefined) return `answers ${status} as ${type}, which is not described`;
  const result = compiled(openapi, schema).safeParse(answer.json());
  return result.success
    ? undefined
    : `answers ${status} unlike its schema: ${result.error.issues[0]?.path.join('.') ?? ''} ${result.error.issues[0]?.message ?? ''}`;
}

const compilations = new Map<string, z.ZodType>();

function compiled(openapi: OpenApi, schema: JsonSchema): z.ZodType {
  const key = JSON.stringify(schema);
  const found = compilations.get(key);
  if (found !== undefined) return found;
  // zod reads a reference as an absolute URL; what it may be is checked by the problem suite.
  const known = (name: string, value: unknown) =>
    name === 'format' && value === 'uri-reference' ? undefined : value;
  const whole = JSON.stringify({ ...schema, $defs: openapi.components.schemas }, known);
  const made = z.fromJSONSchema(
    JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')) as JsonSchema,
  );
  compilations.set(key, made);
  return made;
}
