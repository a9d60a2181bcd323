import type { View } from '../../render/types.ts';
import { identifier } from '../../render/writers/identifier.ts';
import { ts } from '../../render/writers/typescript.ts';
import type { Spec } from '../../spec/schema.ts';
import { identifiersOf, type Identifiers } from '../identifiers.ts';

/** The resources that have pages: all of them, or those that ask for it. */
export function formResources({ features, resources }: Spec): readonly Identifiers[] {
  return Object.entries(resources)
    .filter(([, { forms }]) => features.includes('forms') || forms === true)
    .map(([singular, resource]) => identifiersOf(singular, resource));
}

/** View of `app/routes/forms.ts`. */
export function formsView(spec: Spec): View {
  const rows = formResources(spec).toSorted((a, b) => (a.pluralFile < b.pluralFile ? -1 : 1));
  return {
    imports: rows.map(({ service, pluralFile }) => ({
      name: identifier(service),
      from: ts(`../services/${pluralFile}.ts`),
    })),
    services: rows.map(({ service }) => ({ name: identifier(service) })),
  };
}
