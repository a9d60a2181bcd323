import { Fragment } from '../../render/fragment.ts';
import { fragment, join } from '../../render/writers/join.ts';
import { code, markdown, table } from '../../render/writers/markdown.ts';
import type { FieldSpec, ResourceSpec, Spec } from '../../spec/schema.ts';

type Resources = Spec['resources'];
type Row = readonly [path: Fragment, type: string, rules: Fragment, description: string];

/** The table of fields of a resource; a column for their meaning only if one is described. */
export function fieldTable(resource: ResourceSpec, resources: Resources): Fragment {
  const rows = fieldRows(resource.fields, resources);
  const described = rows.some(([, , , description]) => description !== '');
  if (described) return table(['Field', 'Type', 'Rules', 'Meaning'], rows);
  return table(
    ['Field', 'Type', 'Rules'],
    rows.map((row) => row.slice(0, 3)),
  );
}

function fieldRows(fields: ResourceSpec['fields'], resources: Resources, prefix = ''): Row[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const path = prefix + name;
    const row: Row = [
      code(path),
      typeOf(field, resources),
      join(rulesOf(field), '; '),
      field.description ?? '',
    ];
    const nested = field.fields ? fieldRows(field.fields, resources, `${path}.`) : [];
    return [row, ...nested];
  });
}

function typeOf(field: FieldSpec, resources: Resources): string {
  const one = oneOf(field, resources);
  return field.array ? `list of ${one}` : one;
}

function oneOf({ type, values, to = '' }: FieldSpec, resources: Resources): string {
  if (type === 'enum') return `one of ${(values ?? []).join(', ')}`;
  if (type === 'ref') return `id of ${resources[to]?.path ?? to}`;
  if (type === 'point') return 'point [lng, lat]';
  return type;
}

const onDelete = {
  restrict: 'its target cannot be deleted',
  cascade: 'deleted with its target',
  nullify: 'emptied when its target is deleted',
};

function rulesOf(field: FieldSpec): Fragment[] {
  const each = field.array ? ' each' : '';
  return [
    field.required && 'required',
    field.unique && 'unique',
    field.private || field.type === 'password' ? 'never answered' : undefined,
    field.readonly && 'set by the server',
    field.min !== undefined && `at least ${field.min}${each}`,
    field.max !== undefined && `at most ${field.max}${each}`,
    field.minLength !== undefined && `at least ${characters(field.minLength)}${each}`,
    field.maxLength !== undefined && `at most ${characters(field.maxLength)}${each}`,
    field.maxItems !== undefined && `at most ${field.maxItems} items`,
    field.pattern !== undefined && fragment`matches ${code(field.pattern)}`,
    field.default !== undefined && fragment`default ${code(JSON.stringify(field.default))}`,
    field.index && 'indexed',
    field.search && 'searched by q',
    field.onDelete && onDelete[field.onDelete],
  ].flatMap((rule) => {
    if (rule instanceof Fragment) return [rule];
    return typeof rule === 'string' ? [markdown(rule)] : [];
  });
}

function characters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}
