import type { Fragment } from '../../render/fragment.ts';
import { codeBlock } from '../../render/writers/markdown.ts';
import { entityDiagram } from '../../render/writers/mermaid.ts';
import type { Entity } from '../../render/writers/mermaid.ts';
import type { FieldSpec, Spec } from '../../spec/schema.ts';
import { referencesOf } from '../order.ts';

/** The data model as a diagram: every resource with its fields, every reference as a line. */
export function diagramOf(resources: Spec['resources']): Fragment {
  const entities = Object.entries(resources).map(([name, { fields }]) => ({
    name,
    attributes: Object.entries(fields).map(([field, spec]) => attribute(field, spec)),
  }));
  const relations = Object.entries(resources).flatMap(([from, { fields }]) =>
    referencesOf(fields).map(({ path, field, many }) => ({
      from,
      to: field.to ?? from,
      label: path,
      many,
      required: field.required === true,
    })),
  );
  return codeBlock('mermaid', entityDiagram(entities, relations));
}

function attribute(name: string, { type, array, unique }: FieldSpec): Entity['attributes'][number] {
  const key = type === 'ref' ? 'FK' : unique ? 'UK' : undefined;
  return { name, type: array ? `${type}[]` : type, key };
}
