import { limits, type FieldSpec, type FieldType } from '../schema.ts';

/** A document: from JSON, or from the driver, whose values may be BSON objects. */
export type Sample = Readonly<Record<string, unknown>>;

type Column = readonly unknown[];

/** An object with more keys is taken for a map, whose keys are data. */
const mostKeys = 60;
const hex24 = /^[0-9a-f]{24}$/i;
/** What a text can be, by its look; the first that fits. */
const textKinds: readonly [FieldType, RegExp][] = [
  ['uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ['date', /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/],
  ['datetime', /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/],
  ['email', /^[^\s@<>"]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/],
  ['url', /^https?:\/\/[^\s]+$/],
];

/** Fields from documents: a field is required when every document has a value for it that is not blank. */
export function inferFields(samples: readonly Sample[], depth = 1): Record<string, FieldSpec> {
  const columns = new Map<string, unknown[]>();
  for (const sample of samples)
    for (const [name, value] of Object.entries(sample)) {
      const column = columns.get(name) ?? [];
      column.push(value);
      columns.set(name, column);
    }
  return Object.fromEntries(
    [...columns].map(([name, values]): [string, FieldSpec] => {
      const present = values.filter((value) => value !== null && value !== undefined);
      const always = present.length === samples.length && !present.some(isBlank);
      return [
        name,
        { ...inferField(name, present, depth), ...(always && { required: true as const }) },
      ];
    }),
  );
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function inferField(name: string, values: Column, depth: number): FieldSpec {
  if (values.length > 0 && values.every((value) => Array.isArray(value))) {
    const items: Column = values.flat();
    const longest = values.reduce((most, { length }) => Math.max(most, length), 0);
    const item = inferField(name, items, depth);
    if (items.length === 0 || item.array || item.type === 'json') return { type: 'json' };
    if (longest > limits.items) return { type: 'json' };
    // 100 is what a list takes when nothing is said.
    return { ...item, array: true, ...(longest > 100 && { maxItems: limits.items }) };
  }
  if (values.length > 0 && values.every(isPlain)) return inferObject(values, depth);
  const kinds = new Set(values.map((value) => kindOf(value, name)));
  const kind = merged(kinds);
  if (kind === 'text' && values.some((value) => String(value).length > limits.textLength))
    return { type: 'json' };
  return kind === 'ref' ? { type: 'ref', to: targetOf(name) } : { type: kind };
}

function inferObject(values: readonly Sample[], depth: number): FieldSpec {
  if (values.every(({ type, coordinates }) => type === 'Point' && Array.isArray(coordinates)))
    return { type: 'point' };
  const fields = depth < limits.objectDepth ? inferFields(values, depth + 1) : {};
  const count = Object.keys(fields).length;
  return count === 0 || count > mostKeys ? { type: 'json' } : { type: 'object', fields };
}

/** The narrowest type that takes all kinds seen in one column. */
function merged(kinds: ReadonlySet<FieldType>): FieldType {
  const [first] = kinds;
  if (first === undefined) return 'json';
  if (kinds.size === 1) return first;
  const within = (...types: readonly FieldType[]) =>
    [...kinds].every((kind) => types.includes(kind));
  if (within('integer', 'number')) return 'number';
  if (within('date', 'datetime')) return 'string';
  if (within('string', 'uuid', 'date', 'datetime', 'email', 'url')) return 'string';
  if (within('string', 'text', 'uuid', 'date', 'datetime', 'email', 'url')) return 'text';
  return 'json';
}

function kindOf(value: unknown, name: string): FieldType {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  if (typeof value === 'bigint') return 'integer';
  if (value instanceof Date) return value.getTime() % 86_400_000 === 0 ? 'date' : 'datetime';
  if (typeof value === 'string') return textKind(value, name);
  if (typeof value !== 'object' || value === null) return 'json';
  const { _bsontype: type, sub_type: subtype } = value as { _bsontype?: string; sub_type?: number };
  return subtype === 4 ? 'uuid' : (bsonKinds[String(type)] ?? 'json');
}

const bsonKinds: Readonly<Record<string, FieldType>> = {
  ObjectId: 'ref',
  Decimal128: 'decimal',
  Int32: 'integer',
  Long: 'integer',
  Double: 'number',
};

function textKind(value: string, name: string): FieldType {
  if (hex24.test(value) && /(?:Id|_id)$/.test(name)) return 'ref';
  const known = textKinds.find(([, pattern]) => pattern.test(value));
  if (known !== undefined && value.length <= 255) return known[0];
  return value.length > 255 || /[\r\n]/.test(value) ? 'text' : 'string';
}

/** The resource that a field like `categoryId` names. */
export function targetOf(name: string): string {
  return name.replace(/_?ids?$/i, '') || name;
}

function isPlain(value: unknown): value is Sample {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !('_bsontype' in value)
  );
}
