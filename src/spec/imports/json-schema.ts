import { exit, UserError } from '../../errors.ts';
import { projectNameFrom } from '../project-name.ts';
import type { Draft } from './draft.ts';
import { isObject, objectAt, type JsonObject } from './pointer.ts';
import { isObjectSchema, objectFields, type SchemaFile } from './schema-fields.ts';

/** Whether an object is a JSON Schema rather than a sample. */
export function isJsonSchema(value: JsonObject): boolean {
  if (typeof value['$schema'] === 'string') return true;
  if (definitionsOf(value).length > 0) return true;
  const members = Object.values(objectAt(value, 'properties') ?? {});
  return members.length > 0 && members.every(isObject);
}

/**
 * Resources from a JSON Schema: its root when it describes an object, named by its title or the file; otherwise
 * each object of its definitions. Throws a UserError when there is none.
 */
export function jsonSchemaDraft(root: JsonObject, stem: string, from: string): Draft {
  const notes: string[] = [];
  const resourceAt = new Map<string, string>();
  const file: SchemaFile = { root, from, resourceAt, notes };
  const title = typeof root['title'] === 'string' ? root['title'] : stem;
  if (isObjectSchema(file, root)) {
    const named = projectNameFrom(title) === undefined ? stem : title;
    resourceAt.set('#', named);
    const { fields, description } = objectFields(file, root, named);
    const resource = { name: named, fields, ...(description !== undefined && { description }) };
    return { from, resources: [resource], notes };
  }
  const objects = definitionsOf(root).filter(([, pointer]) =>
    isObjectSchema(file, { $ref: pointer }),
  );
  if (objects.length === 0)
    throw new UserError(
      exit.usage,
      `${from} describes no object`,
      'a resource is a schema with properties',
    );
  for (const [name, pointer] of objects) resourceAt.set(pointer, name);
  const resources = objects.map(([name, pointer]) => ({
    name,
    ...objectFields(file, { $ref: pointer }, name),
  }));
  return { from, resources, notes };
}

/** Name and pointer of each definition, under the old keyword and the new. */
function definitionsOf(root: JsonObject): [name: string, pointer: string][] {
  return ['$defs', 'definitions'].flatMap((keyword) =>
    Object.keys(objectAt(root, keyword) ?? {})
      .filter((name) => isObject(objectAt(root, keyword)?.[name]))
      .map((name): [string, string] => [name, `#/${keyword}/${escaped(name)}`]),
  );
}

/** A key as a segment of a JSON pointer. */
export function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
