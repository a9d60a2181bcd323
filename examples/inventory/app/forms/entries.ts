// The flat form of a document: what a browser posts, `lines.0.quantity` → texts, and what a form begins with.
import type { Doc } from '../core/bson.ts';
import { isPrivate } from '../core/model.ts';
import type { FieldSpec, Fields } from '../core/types.ts';
import { isDoc } from '../core/walk.ts';
import { controlOf, jsonText } from './controls.ts';

/** The texts of each input by its name; several for boxes and lists that take more than one. */
export type Entries = ReadonlyMap<string, readonly string[]>;

/** On each item of a list of objects: `new` for one that vanishes when nothing is typed into it. */
export const itemMark = '_item';
/** Ticked on an item that shall go. */
export const removeMark = '_remove';

/** Fields that a form may write. */
export const editable = (fields: Fields): [string, FieldSpec][] =>
  Object.entries(fields).filter(([, field]) => !field.readonly);

/** What was posted; line ends as in files. */
export const posted = (body: unknown): Entries => {
  const members = Object.entries(isDoc(body) ? body : {});
  return new Map(
    members.map(([name, value]) => [
      name,
      [value]
        .flat()
        .filter((text) => typeof text === 'string')
        .map((text) => text.replace(/\r\n?/g, '\n')),
    ]),
  );
};

/** The one text of an input. */
export const textOf = (entries: Entries, name: string): string => entries.get(name)?.[0] ?? '';

/** A wire document as a form shows it: nothing private. */
export const entriesOf = (fields: Fields, wire: Doc): Entries =>
  new Map(editable(fields).flatMap(([name, field]) => entryOf(field, wire[name], name)));

type Entry = readonly [string, readonly string[]];

const inner = (fields: Fields, wire: unknown, name: string): Entry[] =>
  editable(fields).flatMap(([part, field]) =>
    entryOf(field, isDoc(wire) ? wire[part] : undefined, `${name}.${part}`),
  );

const entryOf = (field: FieldSpec, value: unknown, name: string): Entry[] => {
  if (isPrivate(field) || value === undefined || value === null) return [];
  const { fields } = field;
  if (fields && Array.isArray(value)) {
    return value.flatMap((item: unknown, i): Entry[] => [
      [`${name}.${i}.${itemMark}`, ['kept']],
      ...inner(fields, item, `${name}.${i}`),
    ]);
  }
  if (fields) return inner(fields, value, name);
  const { list, show } = controlOf(field);
  if (!field.array || !Array.isArray(value)) return [[name, [show(value)]]];
  if (list === 'json') return [[name, [jsonText(value)]]];
  return [[name, list === 'lines' ? [value.map(show).join('\n')] : value.map(String)]];
};

/** The names of the items of a list of objects, `lines.0`, in their order. */
export const itemsOf = (entries: Entries, name: string): string[] => {
  const indexes = new Set<number>();
  for (const key of entries.keys()) {
    const [index = ''] = key.startsWith(`${name}.`) ? key.slice(name.length + 1).split('.') : [];
    if (/^\d{1,4}$/.test(index)) indexes.add(Number(index));
  }
  return [...indexes].sort((a, b) => a - b).map((index) => `${name}.${index}`);
};

/** Whether nothing was typed into these inputs; a box that is not ticked says nothing. */
export const isBlank = (fields: Fields, entries: Entries, prefix: string): boolean =>
  editable(fields).every(([name, field]) => {
    const at = prefix + name;
    if (field.fields && field.array) return itemsOf(entries, at).length === 0;
    if (field.fields) return isBlank(field.fields, entries, `${at}.`);
    return (entries.get(at) ?? []).every((text) => text === '');
  });

/**
 * Entries whose items are numbered anew: without those to be removed and new ones left blank, with a blank one more
 * in the list `add`.
 */
export const settled = (fields: Fields, entries: Entries, add?: string): Entries => {
  const result = new Map<string, readonly string[]>();
  const copy = (level: Fields, from: string, to: string): void => {
    for (const [name, field] of editable(level)) {
      if (field.fields && field.array) copyItems(field.fields, from + name, to + name);
      else if (field.fields) copy(field.fields, `${from}${name}.`, `${to}${name}.`);
      else {
        const values = entries.get(from + name);
        if (values) result.set(to + name, values);
      }
    }
  };
  const copyItems = (level: Fields, from: string, to: string): void => {
    let count = 0;
    for (const item of itemsOf(entries, from)) {
      const mark = textOf(entries, `${item}.${itemMark}`);
      const isGone = textOf(entries, `${item}.${removeMark}`) !== '';
      if (isGone || (mark !== 'kept' && isBlank(level, entries, `${item}.`))) continue;
      result.set(`${to}.${count}.${itemMark}`, [mark]);
      copy(level, `${item}.`, `${to}.${count}.`);
      count += 1;
    }
    if (add === from) result.set(`${to}.${count}.${itemMark}`, ['new']);
  };
  copy(fields, '', '');
  return result;
};
