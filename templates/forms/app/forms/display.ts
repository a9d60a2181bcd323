// What the templates draw of a document: its values as people read them.
import type { Doc } from '../core/bson.ts';
import { label } from '../core/field.ts';
import { isPrivate, ownedFields } from '../core/model.ts';
import type { FieldSpec, Fields } from '../core/types.ts';
import { isDoc } from '../core/walk.ts';
import { jsonText } from './controls.ts';

/** One value. `items` of a list, `rows` of an object. */
export interface Shown {
  readonly kind: 'text' | 'time' | 'link' | 'code' | 'list' | 'rows';
  readonly text: string;
  readonly href: string;
  readonly items: readonly Shown[];
  readonly rows: readonly Row[];
}

export interface Row {
  readonly name: string;
  readonly label: string;
  readonly value: Shown;
}

/** How a reference is shown: by the title of its document, with a link where there is a page. */
export type Refer = (
  field: FieldSpec,
  id: string,
) => { readonly text: string; readonly href: string };

const shown = (kind: Shown['kind'], text: string, more: Partial<Shown> = {}): Shown => ({
  kind,
  text,
  href: '',
  items: [],
  rows: [],
  ...more,
});

const nothing = shown('text', '–');

const one = (field: FieldSpec, value: unknown, refer: Refer): Shown => {
  if (value === undefined || value === null) return nothing;
  if (field.fields) return shown('rows', '', { rows: rowsOf(field.fields, value, refer) });
  const text = typeof value === 'string' ? value : jsonText(value);
  switch (field.type) {
    case 'boolean':
      return shown('text', value === true ? 'Yes' : 'No');
    case 'datetime':
      return shown('time', text.replace('T', ' ').replace(/(?::\d\d)?(?:\.\d+)?Z$/, ' UTC'), {
        href: text,
      });
    case 'json':
      return shown('code', jsonText(value));
    case 'point':
      return shown('text', Array.isArray(value) ? value.join(', ') : jsonText(value));
    case 'url':
      return shown(/^https?:/i.test(text) ? 'link' : 'text', text, { href: text });
    case 'email':
      return shown('link', text, { href: `mailto:${text}` });
    case 'ref': {
      const { text: title, href } = refer(field, text);
      return shown(href === '' ? 'text' : 'link', title, { href });
    }
    default:
      return shown('text', text);
  }
};

/** A value of a wire document. */
export const show = (field: FieldSpec, value: unknown, refer: Refer): Shown => {
  if (!field.array || !Array.isArray(value)) return one(field, value, refer);
  if (value.length === 0) return nothing;
  return shown('list', '', { items: value.map((item) => one(field, item, refer)) });
};

/** Every field that a client may see, in the order of the model. */
export const rowsOf = (fields: Fields, wire: unknown, refer: Refer): Row[] =>
  Object.entries(fields)
    .filter(([, field]) => !isPrivate(field))
    .map(([name, field]) => ({
      name,
      label: label(name),
      value: show(field, isDoc(wire) ? wire[name] : undefined, refer),
    }));

const { createdAt, updatedAt } = ownedFields;

/** What the server keeps on every document. */
export const ownedRows = (wire: Doc, refer: Refer): Row[] =>
  rowsOf({ createdAt, updatedAt }, wire, refer);

/** Too much for a cell of a table. */
const bulky = new Set(['object', 'json', 'text', 'point']);
const mostColumns = 5;

/** The columns of a list: the field that is the title, the first others, and when it was changed. */
export const columnsOf = (fields: Fields, title: string | undefined): [string, FieldSpec][] => {
  const fitting = Object.entries(fields).filter(
    ([name, field]) =>
      name === title || (!isPrivate(field) && !field.array && !bulky.has(field.type)),
  );
  const [first, ...others] = fitting.toSorted(
    ([a], [b]) => Number(b === title) - Number(a === title),
  );
  const own = first === undefined ? [] : [first, ...others.slice(0, mostColumns - 1)];
  return [...own, ['updatedAt', updatedAt]];
};
