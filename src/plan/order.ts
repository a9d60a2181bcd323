import type { FieldSpec, ResourceSpec } from '../spec/schema.ts';

type Resources = Readonly<Record<string, ResourceSpec>>;
type Fields = Readonly<Record<string, FieldSpec>>;

/** A field that points to another document, and where it stands: `contact.mentor`. */
export interface Reference {
  readonly path: string;
  readonly field: FieldSpec;
  /** Whether a document may hold several: the field, or an object around it, is a list. */
  readonly many: boolean;
}

/**
 * The names of the resources, each behind those it points to, so that examples can be created from first to last.
 * Required references go first: in a circle, only an optional one is left open.
 */
export function dependencyOrder(resources: Resources): string[] {
  const ordered: string[] = [];
  const visited = new Set<string>();
  // A stack of our own: a chain of 2,000 references is no reason to overflow.
  const stack: { name: string; targets: string[] }[] = [];
  for (const root of Object.keys(resources)) {
    visit(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.targets.shift();
      if (next !== undefined) visit(next);
      else {
        ordered.push(top.name);
        stack.pop();
      }
    }
  }
  return ordered;

  function visit(name: string): void {
    const resource = resources[name];
    if (visited.has(name) || resource === undefined) return;
    visited.add(name);
    const refs = referencesOf(resource.fields);
    const targets = [...refs.filter(({ field }) => field.required), ...refs].map(
      ({ field }) => field.to ?? '',
    );
    stack.push({ name, targets });
  }
}

/** Every reference among fields and the fields of their objects. */
export function referencesOf(fields: Fields, prefix = '', inList = false): Reference[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = prefix + name;
    const many = inList || field.array === true;
    if (field.type === 'ref') return [{ path, field, many }];
    return field.fields ? referencesOf(field.fields, `${path}.`, many) : [];
  });
}
