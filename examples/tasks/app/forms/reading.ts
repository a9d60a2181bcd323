// From the entries of a form to the wire document that they mean.
import type { Doc } from '../core/bson.ts';
import { label, pointer, type FieldError } from '../core/field.ts';
import { isPrivate } from '../core/model.ts';
import type { FieldSpec, Fields } from '../core/types.ts';
import { valueAt } from '../core/walk.ts';
import { controlOf } from './controls.ts';
import { editable, isBlank, itemsOf, textOf, type Entries } from './entries.ts';

export interface Read {
  readonly wire: Doc;
  /** What the model cannot find: text that is no JSON. */
  readonly errors: readonly FieldError[];
}

/**
 * Reads a whole form. What is left blank is not there at all: a private field then keeps its value.
 *
 * @param current the wire document that is being changed
 */
export const readForm = (fields: Fields, entries: Entries, current?: Doc): Read => {
  const errors: FieldError[] = [];

  /** A JSON text; undefined, and an error, for one that is none. */
  const parsed = (name: string, text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      const path = name.split('.');
      const subject = label(path.filter((part) => !/^\d/.test(part)).join('.'));
      const detail = `${subject} must be JSON, such as {"size": 3} or ["a", "b"]`;
      errors.push({ pointer: pointer(path), code: 'type', detail });
      return undefined;
    }
  };

  const before = (name: string): unknown => valueAt(current, name.split('.'));

  /** An empty list is one only where it makes a difference. */
  const listOf = (field: FieldSpec, name: string, items: readonly unknown[]): unknown => {
    if (items.length > 0) return items;
    if (isPrivate(field)) return undefined;
    const matters = field.required ?? (field.default !== undefined || before(name) !== undefined);
    return matters ? items : undefined;
  };

  /** Browsers send choices in the order of the page; those that were there keep theirs. */
  const chosen = (name: string): unknown[] => {
    const old: unknown = before(name);
    const known: unknown[] = Array.isArray(old) ? old : [];
    const values: unknown[] = (entries.get(name) ?? []).filter((value) => value !== '');
    const kept = known.filter((value) => values.includes(value));
    return [...kept, ...values.filter((value) => !known.includes(value))];
  };

  const readList = (field: FieldSpec, name: string): unknown => {
    const control = controlOf(field);
    const text = textOf(entries, name);
    if (field.fields) {
      const items = itemsOf(entries, name).map((item) => readAll(field.fields, `${item}.`));
      return listOf(field, name, items);
    }
    if (control.list === 'choices') return listOf(field, name, chosen(name));
    if (control.list === 'json') {
      return text.trim() === '' ? listOf(field, name, []) : parsed(name, text);
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return listOf(field, name, lines.map(control.read));
  };

  const readOne = (field: FieldSpec, name: string): unknown => {
    const { kind, read } = controlOf(field);
    const text = textOf(entries, name);
    if (field.fields) {
      const isAbsent = !field.required && isBlank(field.fields, entries, `${name}.`);
      return isAbsent ? undefined : readAll(field.fields, `${name}.`);
    }
    // A box that is not ticked is not sent.
    if (kind === 'flag' && field.required) return text === 'true';
    if (text === '') return undefined;
    return field.type === 'json' ? parsed(name, text) : read(text);
  };

  const readAll = (level: Fields = {}, prefix: string): Doc => {
    const wire: Doc = {};
    for (const [part, field] of editable(level)) {
      const name = prefix + part;
      const value = field.array ? readList(field, name) : readOne(field, name);
      if (value !== undefined) wire[part] = value;
    }
    return wire;
  };

  return { wire: readAll(fields, ''), errors };
};
