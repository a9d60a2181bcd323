import type { FileOp, View } from '../render/types.ts';
import { comment } from '../render/writers/comment.ts';
import { ts } from '../render/writers/typescript.ts';
import { kebabCase } from '../spec/names.ts';
import type { FieldSpec, ResourceSpec, Spec } from '../spec/schema.ts';
import { formOf } from './beside.ts';
import type { Templates } from './templates.ts';

/** A field of a resource that gets another name; `path` is the old one. */
export interface RenamedField {
  readonly key: string;
  /** As it was before the rename. */
  readonly resource: ResourceSpec;
  readonly path: readonly string[];
  readonly name: string;
}

/** A migration to be written: what its file is called behind the number, and what is in it. */
export interface Migration {
  readonly template: string;
  readonly name: string;
  readonly view: View;
}

/** The migration that gives a field its new name in the documents that are there. */
export function fieldMigration({ key, resource, path, name }: RenamedField): Migration {
  const dotted = path.join('.');
  const steps = stepsOf(resource.fields, path);
  const names = indexNames(resource, steps.at(-1)?.field, dotted);
  const collection = ts(resource.collection);
  return {
    template: 'rename-field.ts',
    name: `rename-${[key, ...path].map(kebabCase).join('-')}-to-${kebabCase(name)}`,
    view: {
      title: comment(`${key}.${dotted} is called ${name} from here on`),
      collection,
      // A list of one item stands for `if`: templates have no conditions.
      indexes: names.length === 0 ? [] : [{ collection, names: ts(names) }],
      filter: ts({ [dotted]: { $exists: true } }),
      update: ts(updateOf(steps, name)),
    },
  };
}

/** The migration that gives a collection its new name. */
export function collectionMigration(key: string, from: string, to: string): Migration {
  return {
    template: 'rename-collection.ts',
    name: `rename-collection-${kebabCase(from)}-to-${kebabCase(to)}`,
    view: {
      title: comment(`The documents of ${key} lie in ${to} from here on`),
      from: ts(from),
      to: ts(to),
    },
  };
}

/** Where migrations lie in a project. */
export function migrationsFolder({ beside }: Pick<Spec, 'beside'>): string {
  return beside === undefined ? 'migrations' : `${beside.folder}/migrations`;
}

/** The file of a migration; it is the user's from the start. */
export function migrationOp(
  { template: wanted, name, view }: Migration,
  number: number,
  templates: Templates,
  spec: Pick<Spec, 'beside'>,
): FileOp {
  const template = templates.get('migrations')?.get(wanted);
  if (template === undefined) throw new TypeError(`there is no template migrations/${wanted}`);
  // Long names of long paths: a file name has at most 255 bytes.
  const file = `${String(number).padStart(4, '0')}-${name}`.slice(0, 200).replace(/-+$/, '');
  const { beside } = spec;
  return {
    path: `${migrationsFolder(spec)}/${file}.${beside?.ending ?? 'ts'}`,
    template,
    view: { ...view, ...frameOf(beside) },
    merge: 'seed',
    mode: 0o644,
    owner: 'project',
    ...(beside !== undefined && { form: formOf(beside) }),
  };
}

/** Our own projects have a command that runs migrations; elsewhere each is a script. A list of one item stands for `if`. */
function frameOf(beside: Spec['beside']): View {
  return beside === undefined ? { tool: [{}], script: [] } : { tool: [], script: [{}] };
}

interface Step {
  readonly name: string;
  readonly field: FieldSpec;
}

function stepsOf(fields: Readonly<Record<string, FieldSpec>>, path: readonly string[]): Step[] {
  const [name, ...rest] = path;
  const field = name === undefined ? undefined : fields[name];
  if (name === undefined || field === undefined) return [];
  return [{ name, field }, ...stepsOf(field.fields ?? {}, rest)];
}

/** The indexes that `db:sync` made for a field and those inside it, under their old names. */
function indexNames(resource: ResourceSpec, field: FieldSpec | undefined, path: string): string[] {
  if (field === undefined) return [];
  const inner = Object.entries(field.fields ?? {}).flatMap(([name, one]) =>
    indexNames(resource, one, `${path}.${name}`),
  );
  const own = field.unique
    ? [`${path}_unique`]
    : field.type === 'point'
      ? [`${path}_2dsphere`]
      : field.index || field.type === 'ref'
        ? [`${path}_1`]
        : [];
  const text = resource.search === 'text' && field.search ? ['search_text'] : [];
  return [...new Set([...own, ...text, ...inner])];
}

/** `$rename` does not reach into lists, so that their items are made anew. */
function updateOf(steps: readonly Step[], name: string): object {
  const list = steps.findIndex(({ field }, at) => field.array && at < steps.length - 1);
  const dotted = (some: readonly Step[]) => some.map((step) => step.name).join('.');
  if (list === -1) {
    const to = [...steps.slice(0, -1).map((step) => step.name), name].join('.');
    return { $rename: { [dotted(steps)]: to }, $inc: { _rev: 1 } };
  }
  const path = dotted(steps.slice(0, list + 1));
  const items = itemsOf(`$${path}`, steps.slice(list + 1), name, 0);
  return [{ $set: { [path]: items, _rev: { $add: ['$_rev', 1] } } }];
}

function itemsOf(input: string, steps: readonly Step[], name: string, depth: number): object {
  const as = depth === 0 ? 'item' : `item${depth + 1}`;
  return { $map: { input, as, in: memberOf(`$$${as}`, steps, name, depth) } };
}

/** The object at `input` with the member at the end of the steps under its new name. */
function memberOf(
  input: string,
  [step, ...rest]: readonly Step[],
  name: string,
  depth: number,
): object {
  const old = `${input}.${step?.name ?? ''}`;
  if (step === undefined || rest.length === 0)
    return {
      $unsetField: {
        field: step?.name ?? '',
        input: { $mergeObjects: [input, { [name]: old }] },
      },
    };
  const [kind, inner] = step.field.array
    ? ['array', itemsOf(old, rest, name, depth + 1)]
    : ['object', memberOf(old, rest, name, depth)];
  // What is missing or null stays so.
  const changed = { $cond: [{ $eq: [{ $type: old }, kind] }, inner, old] };
  return { $mergeObjects: [input, { [step.name]: changed }] };
}
