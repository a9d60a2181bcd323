import { isDeepStrictEqual } from 'node:util';
import type { FieldSpec } from '../schema.ts';
import { printField } from '../shorthand-print.ts';
import type { Fields } from './place.ts';

/** Whether two fields are the same as far as arguments can say it: a description is written in the file only. */
export function sameField(a: FieldSpec, b: FieldSpec): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** The differences of fields that are there from fields that are asked for, each as the end of a sentence about them. */
export function differences(there: Fields, asked: Fields): string[] {
  const names = new Set([...Object.keys(there), ...Object.keys(asked)]);
  return [...names].flatMap((name) => {
    // Not every name that an object answers to is one of its fields: a field may be called toString.
    const [left, right] = [there, asked].map((fields) =>
      Object.hasOwn(fields, name) ? fields[name] : undefined,
    );
    if (left === undefined) return [`has no field ${name}`];
    if (right === undefined) return [`has a field ${name} besides`];
    return sameField(left, right) ? [] : [`has ${shown(name, left)}, not ${shown(name, right)}`];
  });
}

/** A field in the shorthand, nested ones behind it; as JSON where the shorthand has no words for it. */
export function shown(name: string, field: FieldSpec): string {
  const own = plain(field);
  return (printField(name, own) ?? [`${name} ${JSON.stringify(own)}`]).join(' ');
}

function plain({ description: _description, fields, ...field }: FieldSpec): FieldSpec {
  if (fields === undefined) return field;
  const inner = Object.entries(fields).map(([name, one]) => [name, plain(one)] as const);
  return { ...field, fields: Object.fromEntries(inner) };
}
