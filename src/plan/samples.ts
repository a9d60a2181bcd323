import { sampleOf, zodOf } from '../../templates/project/app/core/types.ts';
import type { FieldSpec, ResourceSpec } from '../spec/schema.ts';

type Fields = ResourceSpec['fields'];

/** A document to create, and the marks in it that stand for ids of other documents. */
export interface SampleDocument {
  readonly body: Record<string, unknown>;
  /** Mark in the body → resource whose id goes there. */
  readonly references: ReadonlyMap<string, string>;
}

/**
 * An example of a resource that its model accepts.
 * @param there resources of which a document exists already; references to others are left out
 */
export function sampleDocument(
  singular: string,
  fields: Fields,
  there: ReadonlySet<string>,
): SampleDocument {
  const references = new Map<string, string>();
  return { body: object(fields), references };

  function object(some: Fields): Record<string, unknown> {
    const sent = Object.entries(some).filter(([, field]) => !field.readonly);
    return Object.fromEntries(
      sent.flatMap(([name, field]) => {
        const value = valueOf(name, field);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  }

  function valueOf(name: string, field: FieldSpec): unknown {
    const one =
      field.type === 'object'
        ? object(field.fields ?? {})
        : field.type === 'ref'
          ? reference(field)
          : undefined;
    if (field.type === 'ref' && one === undefined) return undefined;
    if (one !== undefined) return field.array ? [one] : one;
    const title = named(name, singular);
    return title !== undefined && zodOf(field).safeParse(title).success
      ? title
      : sampleOf(field, 1);
  }

  function reference({ to = '' }: FieldSpec): string | undefined {
    if (!there.has(to)) return undefined;
    // No sample has this control character, so that the mark is found again in the JSON.
    const marker = `\u0001${to}\u0001`;
    references.set(marker, to);
    return marker;
  }
}

/** `First order item` reads better than `Sample 1`, where a field is a name. */
function named(name: string, singular: string): string | undefined {
  if (name !== 'name' && name !== 'title') return undefined;
  const words = singular.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `First ${words}`;
}
