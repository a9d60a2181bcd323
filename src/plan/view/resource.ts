import type { View } from '../../render/types.ts';
import { comment } from '../../render/writers/comment.ts';
import { identifier, pathText } from '../../render/writers/identifier.ts';
import { ts } from '../../render/writers/typescript.ts';
import type { ResourceSpec } from '../../spec/schema.ts';
import type { Identifiers } from '../identifiers.ts';

/** View of the model, service, blueprint and test of one resource. */
export function resourceView(singular: string, resource: ResourceSpec, names: Identifiers): View {
  const { plural, path, collection, description, search, requireIfMatch, requireIdempotencyKey } =
    resource;
  const options = {
    name: singular,
    plural,
    path,
    collection,
    description,
    search,
    requireIfMatch,
    requireIdempotencyKey,
  };
  return {
    model: identifier(names.model),
    type: identifier(names.type),
    service: identifier(names.service),
    routes: identifier(names.routes),
    singularFile: pathText(names.singularFile),
    pluralFile: pathText(names.pluralFile),
    path: ts(path),
    title: comment(path),
    options: memberRows(options, 2),
    fields: memberRows(resource.fields, 4),
  };
}

/** Members of an object literal; a line has, beside key and value, a colon, a space and a comma. */
export function memberRows(values: Readonly<Record<string, unknown>>, indent: number): View[] {
  return Object.entries(values)
    .filter((entry) => entry[1] !== undefined)
    .map(([key, value]) => ({ key: identifier(key), value: ts(value, indent, key.length + 3) }));
}
