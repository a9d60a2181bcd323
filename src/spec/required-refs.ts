import type { Issue } from './check.ts';
import type { FieldSpec, Spec } from './schema.ts';

/** One ref without which no document can be made: where it lies, what it is called, whom it needs. */
interface Need {
  path: Issue['path'];
  label: string;
  to: string;
}

/**
 * The rings of required refs: the first document of each of their resources would need one that cannot exist yet.
 * One issue for each resource that lies on a ring, at the ref that leads on. Lists may be empty, so they need nobody.
 */
export function ringIssues({ resources }: Spec): Issue[] {
  const needs = new Map(
    Object.entries(resources).map(([key, { fields }]) => [
      key,
      needsOf(fields, ['resources', key, 'fields'], key),
    ]),
  );
  return [...needs].flatMap(([key, own]) => {
    const need = own.find(({ to }) => reaches(to, key, needs));
    return need === undefined
      ? []
      : [
          {
            path: need.path,
            message: `${need.label} is required and leads back to ${key}: the first one could never be made`,
            hint: 'leave one such ref without required',
          },
        ];
  });
}

function needsOf(
  fields: Readonly<Record<string, FieldSpec>>,
  path: Issue['path'],
  label: string,
): Need[] {
  return Object.entries(fields).flatMap(([name, field]): Need[] => {
    if (!field.required || field.array) return [];
    const own = { path: [...path, name], label: `${label}.${name}` };
    if (field.to !== undefined) return [{ ...own, to: field.to }];
    return needsOf(field.fields ?? {}, [...own.path, 'fields'], own.label);
  });
}

/** Whether the required refs of one resource lead to another one, or to itself. */
function reaches(from: string, goal: string, needs: ReadonlyMap<string, readonly Need[]>): boolean {
  const open = [from];
  const seen = new Set<string>();
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === goal) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(needs.get(key) ?? []).map(({ to }) => to));
  }
  return false;
}
