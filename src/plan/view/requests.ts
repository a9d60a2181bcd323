import { fieldTypes, sampleOf } from '../../../templates/project/app/core/types.ts';
import type { Fragment } from '../../render/fragment.ts';
import { fixed } from '../../render/writers/fixed.ts';
import { fragment, join } from '../../render/writers/join.ts';
import { codeBlock } from '../../render/writers/markdown.ts';
import { shellWord } from '../../render/writers/shell.ts';
import type { ResourceSpec } from '../../spec/schema.ts';
import { sampleDocument } from '../samples.ts';

type Fields = ResourceSpec['fields'];

const json = fixed("-H 'Content-Type: application/json'");
const anyRevision = fixed(" -H 'If-Match: *'");
const newKey = fixed(` -H "Idempotency-Key: $(node -p 'crypto.randomUUID()')"`);
const nothing = fixed('');
const numbers: readonly string[] = ['integer', 'number', 'decimal'];

/**
 * Lines for a shell that create a document of the resource, list, read and change it; its id stays in a variable.
 * @param there resources whose id is in its variable already
 */
export function requestsOf(
  singular: string,
  resource: ResourceSpec,
  there: ReadonlySet<string>,
): Fragment {
  const { body, references } = sampleDocument(singular, resource.fields, there);
  const id = `${singular}Id`;
  const all = shellWord({ variable: 'api' }, resource.path);
  const one = shellWord({ variable: 'api' }, `${resource.path}/`, { variable: id });
  const query = shellWord({ variable: 'api' }, `${resource.path}?${queryOf(resource.fields)}`);
  const key = resource.requireIdempotencyKey ? newKey : nothing;
  const revision = resource.requireIfMatch ? anyRevision : nothing;
  const create = fragment`${shellWord(id)}=$(curl -s ${all} ${json}${key} \\
  -d ${bodyWord(body, references)} \\
  | node -p 'JSON.parse(fs.readFileSync(0))._id')`;
  const list = fragment`curl -gs ${query}`;
  const patch = patchOf(resource.fields).map(
    (change) => fragment`curl -s -X PATCH ${one} ${json}${revision} \\
  -d ${shellWord(JSON.stringify(change))}`,
  );
  return codeBlock('sh', join([create, list, fragment`curl -si ${one}`, ...patch], '\n'));
}

/** The line that deletes what `requestsOf` created. */
export function removalOf(singular: string, resource: ResourceSpec): Fragment {
  const one = shellWord({ variable: 'api' }, `${resource.path}/`, { variable: `${singular}Id` });
  return fragment`curl -si -X DELETE ${one}${resource.requireIfMatch ? anyRevision : nothing}`;
}

/** The body as one word; marks for other documents become the variables with their ids. */
function bodyWord(body: unknown, references: ReadonlyMap<string, string>): Fragment {
  const targets = new Set(references.values());
  const marked = JSON.stringify(body).split(/\\u0001(\w+)\\u0001/);
  // Each second part is what the parentheses caught.
  const parts = marked.map((text, index) =>
    index % 2 === 1 && targets.has(text) ? { variable: `${text}Id` } : text,
  );
  return shellWord(...parts);
}

/** A query worth looking at: a limit on a number or date where there is one, and an order. */
function queryOf(fields: Fields): string {
  const visible = Object.entries(fields).filter(
    ([, field]) => !field.private && field.type !== 'ref',
  );
  const ordered = visible.find(
    ([, { type, array }]) => !array && [...numbers, 'date'].includes(type),
  );
  const sortable =
    ordered ?? visible.find(([, { type, array }]) => !array && fieldTypes[type].sortable);
  const sort = sortable?.[0] ?? 'createdAt';
  const filter = ordered
    ? `${ordered[0]}[gte]=${encodeURIComponent(String(sampleOf(ordered[1], 1)))}&`
    : '';
  return `${filter}sort=-${sort}&limit=5`;
}

/** A change of one field, of a number if there is one; of a unique field only if there is no other. */
function patchOf(fields: Fields): Record<string, unknown>[] {
  const changeable = Object.entries(fields).filter(
    ([, { type, readonly, private: hidden }]) =>
      !readonly && !hidden && !['ref', 'object', 'password'].includes(type),
  );
  const free = changeable.filter(([, { unique }]) => !unique);
  const chosen = free.find(([, { type }]) => numbers.includes(type)) ?? free[0] ?? changeable[0];
  if (chosen === undefined) return [];
  const [name, field] = chosen;
  return [{ [name]: sampleOf(field, 2) }];
}
