import { exit, UserError } from '../../errors.ts';
import { quote, singularName } from '../names.ts';
import { projectNameFrom } from '../project-name.ts';
import type { JsonValue } from '../schema.ts';
import type { Draft } from './draft.ts';
import { escaped } from './json-schema.ts';
import { isObject, objectAt, resolved, type JsonObject } from './pointer.ts';
import { isObjectSchema, objectFields, type SchemaFile } from './schema-fields.ts';

/** A resource before its fields are read: the schemas that describe it, the best first. */
interface Found {
  readonly name: string;
  readonly description?: string;
  readonly schemas: readonly JsonValue[];
}

/**
 * Resources from an OpenAPI 3 document: one for each path like /products that has a list or an item path below it;
 * its fields from what is sent there, else from what is answered. Without such paths, one for each object of
 * components/schemas. Throws a UserError for another version and for a `$ref` that cannot be followed.
 */
export function openapiDraft(root: JsonObject, from: string): Draft {
  const version = root['openapi'];
  if (typeof version !== 'string' || !/^3\.\d/.test(version))
    throw new UserError(
      exit.usage,
      `${from}: OpenAPI ${quote(String(version))} is not supported`,
      'versions 3.0, 3.1 and 3.2 are',
    );
  const notes: string[] = [];
  const resourceAt = new Map<string, string>();
  const file: SchemaFile = { root, from, resourceAt, notes };
  const byPath = pathResources(file);
  const found = byPath.length > 0 ? byPath : schemaResources(file);
  for (const { name, schemas } of found)
    for (const schema of schemas)
      for (const pointer of resolved(root, schema, from).pointers) resourceAt.set(pointer, name);
  addComponents(file, found);

  const resources = found.map(({ name, description, schemas }) => {
    const best = schemas.find((schema) => isObjectSchema(file, schema));
    const read = objectFields(file, best, name);
    const about = description ?? read.description;
    return { name, fields: read.fields, ...(about !== undefined && { description: about }) };
  });
  const info = objectAt(root, 'info');
  const title = info?.['title'];
  const project = typeof title === 'string' ? projectNameFrom(title.slice(0, 200)) : undefined;
  const description = info?.['description'];
  return {
    from,
    ...(project !== undefined && { name: project }),
    ...(typeof description === 'string' && { description }),
    resources,
    notes,
  };
}

/** The resources that the paths show. */
function pathResources(file: SchemaFile): Found[] {
  const paths = objectAt(file.root, 'paths') ?? {};
  const items = new Map(
    Object.keys(paths).flatMap((path) => {
      const collection = /^(.*\/[^/{}]+)\/\{[^/{}]+\}\/?$/.exec(path)?.[1];
      return collection === undefined ? [] : [[collection, path] as const];
    }),
  );
  const found = new Map<string, Found>();
  const described = new Map<string, string>();
  // The shortest path first: /orders before /users/{id}/orders.
  const sorted = Object.keys(paths).sort((a, b) => a.length - b.length);
  for (const written of sorted) {
    const path = written.replace(/\/$/, '');
    const name = /\/([^/{}]*[A-Za-z][^/{}]*)$/.exec(path)?.[1];
    if (name === undefined) continue;
    const collection = pathItem(file, paths[written]);
    const item = pathItem(file, paths[items.get(path) ?? '']);
    const listed = listItem(file, answered(file, objectAt(collection, 'get')));
    if (items.get(path) === undefined && listed === undefined) continue;
    const schemas = [
      sent(file, objectAt(collection, 'post')),
      sent(file, objectAt(item, 'put')),
      answered(file, objectAt(item, 'get')),
      listed,
      sent(file, objectAt(item, 'patch')),
    ].filter((schema) => schema !== undefined && isObjectSchema(file, schema)) as JsonValue[];
    if (schemas.length === 0) continue;
    const { singular } = singularName(name);
    const pointers = schemas.flatMap((schema) => resolved(file.root, schema, file.from).pointers);
    // /pets/findByStatus only lists what /pets holds.
    const onlyLists = schemas.length === 1 && schemas[0] === listed;
    const known = onlyLists ? pointers.find((pointer) => described.has(pointer)) : undefined;
    const twin = found.has(singular) ? name : described.get(known ?? '');
    if (twin !== undefined) {
      file.notes.push(`${written.slice(0, 80)} is left out: another path gives ${twin} already`);
      continue;
    }
    found.set(singular, { name, schemas });
    for (const pointer of pointers) described.set(pointer, name);
  }
  return [...found.values()];
}

/** Every object of components/schemas, when no path shows a resource. */
function schemaResources(file: SchemaFile): Found[] {
  return Object.keys(schemasOf(file)).flatMap((name) => {
    const schema = { $ref: pointerTo(name) };
    return isObjectSchema(file, schema) ? [{ name, schemas: [schema] }] : [];
  });
}

/** A component called like a resource means it, even where no path uses it: Product beside ProductInput. */
function addComponents(file: SchemaFile, found: readonly Found[]): void {
  const names = new Map(found.map(({ name }) => [singularName(name).singular, name]));
  for (const component of Object.keys(schemasOf(file))) {
    const name = names.get(singularName(component).singular);
    if (name !== undefined && isObjectSchema(file, { $ref: pointerTo(component) }))
      file.resourceAt.set(pointerTo(component), name);
  }
}

function schemasOf(file: SchemaFile): JsonObject {
  return objectAt(objectAt(file.root, 'components'), 'schemas') ?? {};
}

function pointerTo(component: string): string {
  return `#/components/schemas/${escaped(component)}`;
}

function pathItem(file: SchemaFile, value: JsonValue | undefined): JsonObject | undefined {
  const { schema } = resolved(file.root, value, file.from);
  return isObject(schema) ? schema : undefined;
}

/** The schema of an operation's request body. */
function sent(file: SchemaFile, operation: JsonObject | undefined): JsonValue | undefined {
  return jsonContent(resolved(file.root, operation?.['requestBody'], file.from).schema);
}

/** The schema of an operation's first successful answer. */
function answered(file: SchemaFile, operation: JsonObject | undefined): JsonValue | undefined {
  const responses = objectAt(operation, 'responses') ?? {};
  const status = Object.keys(responses).find((code) => /^2(?:\d\d|XX)$/i.test(code));
  return status === undefined
    ? undefined
    : jsonContent(resolved(file.root, responses[status], file.from).schema);
}

/** The schema of the JSON representation among the media types. */
function jsonContent(body: JsonValue | undefined): JsonValue | undefined {
  const content = objectAt(body, 'content') ?? {};
  const type = Object.keys(content).find((name) =>
    /^application\/(?:[\w.+-]+\+)?json\b/i.test(name),
  );
  return type === undefined ? undefined : objectAt(content, type)?.['schema'];
}

/** What a list holds: a list itself, or an object around one, as in {"data": [...]}, also in parts (`allOf`). */
function listItem(file: SchemaFile, list: JsonValue | undefined): JsonValue | undefined {
  const { schema: whole } = resolved(file.root, list, file.from);
  if (!isObject(whole)) return undefined;
  const { allOf } = whole;
  for (const part of [whole, ...(Array.isArray(allOf) ? allOf : [])]) {
    const { schema } = resolved(file.root, part, file.from);
    if (!isObject(schema)) continue;
    if (schema['type'] === 'array') return schema['items'];
    for (const member of Object.values(objectAt(schema, 'properties') ?? {})) {
      const { schema: inner } = resolved(file.root, member, file.from);
      if (isObject(inner) && inner['type'] === 'array' && isObjectSchema(file, inner['items']))
        return inner['items'];
    }
  }
  return undefined;
}
