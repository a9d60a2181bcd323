// Whether a wire document fits its model, and the sentences that say why not.
import type * as z from 'zod';
import { label, pointer, type FieldError, type FieldSpec, type Fields } from './field.ts';
import type { Doc } from './bson.ts';
import { mostErrors } from './problems.ts';
import { fieldTypes, shapeOf } from './types.ts';
import { isDoc, valueAt } from './walk.ts';

/** The field at a path of the document; a number steps into a list. */
const fieldAt = (fields: Fields, path: readonly PropertyKey[]): FieldSpec | undefined => {
  let found: FieldSpec | undefined;
  let inner: Fields | undefined = fields;
  for (const part of path) {
    if (typeof part === 'number') continue;
    const name = String(part);
    found = inner && Object.hasOwn(inner, name) ? inner[name] : undefined;
    inner = found?.fields;
  }
  return found;
};

/** `['tags', 1]` → "Tags item 2". */
const subject = (path: readonly PropertyKey[]): string => {
  const last = path.at(-1);
  const name = label(
    path
      .filter((part) => typeof part !== 'number')
      .map(String)
      .join('.'),
  );
  return typeof last === 'number' ? `${name} item ${last + 1}` : name;
};

/** One issue of zod as errors of ours: its code, and a sentence about the field. */
const explain = (fields: Fields, document: Doc, issue: z.core.$ZodIssue): FieldError[] => {
  const at = pointer(issue.path);
  const field = fieldAt(fields, issue.path);
  const who = subject(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, mostErrors + 1).map((key) => ({
      pointer: pointer([...issue.path, key]),
      code: 'unknown_field',
      detail: `${JSON.stringify(key)} is not a field`,
    }));
  }
  if (issue.code === 'custom') {
    return [{ pointer: at, code: String(issue.params?.code), detail: `${who} ${issue.message}` }];
  }
  if (issue.code === 'too_big' && field?.array) {
    // zod measures whatever has a length: that a text is no list has been said.
    if (!Array.isArray(valueAt(document, issue.path))) return [];
    const items = `item${Number(issue.maximum) === 1 ? '' : 's'}`;
    const detail = `${who} must have at most ${issue.maximum} ${items}`;
    return [{ pointer: at, code: 'max_items', detail }];
  }
  if (valueAt(document, issue.path) === undefined) {
    return [{ pointer: at, code: 'required', detail: `${who} is required` }];
  }
  return [{ pointer: at, code: 'type', detail: typeSentence(issue.path, field) }];
};

const typeSentence = (path: readonly PropertyKey[], field: FieldSpec | undefined): string => {
  const name = subject(path);
  if (field === undefined) return `${name} must be an object`;
  const { one, many } = fieldTypes[field.type];
  if (!field.array) return `${name} must be ${one}`;
  if (typeof path.at(-1) !== 'number') return `${name} must be a list`;
  return `${subject(path.slice(0, -1))} must contain ${many} only`;
};

/** Compiles the check of whole wire documents; the answer is empty for a valid one. */
export const validator = (fields: Fields): ((document: Doc) => FieldError[]) => {
  const shape = shapeOf(fields);
  return (document) => {
    const result = shape.safeParse(document);
    if (result.success) return [];
    return result.error.issues
      .slice(0, mostErrors + 1)
      .flatMap((issue) => explain(fields, document, issue));
  };
};

/** The document with the defaults of the fields it leaves out, nested objects included. */
export const withDefaults = (fields: Fields, document: Doc): Doc => {
  const filled: Doc = { ...document };
  for (const [name, field] of Object.entries(fields)) {
    const value = filled[name];
    if (value === undefined) {
      if (field.default !== undefined) filled[name] = structuredClone(field.default);
    } else if (field.fields && !field.array && isDoc(value)) {
      filled[name] = withDefaults(field.fields, value);
    }
  }
  return filled;
};
