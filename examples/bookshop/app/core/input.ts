// From what a client sent to what may be stored: owned and read-only fields, defaults, validation, hashing, references.
import { codec, type Codec, type Doc } from './bson.ts';
import type { Context } from './context.ts';
import { label, pointer, type FieldError, type Fields } from './field.ts';
import { fieldPaths, isPrivate, references, type Model } from './model.ts';
import { hashPassword } from './password.ts';
import { mostErrors, problem } from './problems.ts';
import { danglingReferences } from './relations.ts';
import { validator, withDefaults } from './schema.ts';
import { isDoc, valuesAt } from './walk.ts';

/** What is stored now, in both forms. */
export interface Current {
  readonly stored: Doc;
  /** All declared fields, private ones too. */
  readonly wire: Doc;
}

export const same = (a: unknown, b: unknown): boolean =>
  a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** RFC 7396: null removes, objects merge, everything else replaces. Unknown names stay, to be refused. */
export const mergePatch = (target: unknown, change: unknown, fields?: Fields): unknown => {
  if (!isDoc(change)) return change;
  const merged: Doc = isDoc(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(change)) {
    const known = fields === undefined || Object.hasOwn(fields, name);
    if (value === null && known) Reflect.deleteProperty(merged, name);
    else merged[name] = mergePatch(merged[name], value, fields?.[name]?.fields);
  }
  return merged;
};

/** One document on its way in. */
export interface Draft {
  readonly input: Doc;
  /** Present when a document is changed. */
  readonly current?: Current;
  /** Owned fields that the client may repeat, in wire form. */
  readonly owned?: Doc;
  /** Whether `input` is laid over `current` or stands for the whole document. */
  readonly merge?: boolean;
  /** Its place in a bulk body. */
  readonly at?: readonly PropertyKey[];
}

/** Fields that a client does not see or may not write keep their value when the client leaves them out. */
const keepUnseen = (fields: Fields, input: Doc, current: Doc): Doc => {
  const kept: Doc = { ...input };
  for (const [name, field] of Object.entries(fields)) {
    const [mine, theirs] = [current[name], input[name]];
    if (mine === undefined) continue;
    if (theirs === undefined && (isPrivate(field) || field.readonly)) kept[name] = mine;
    else if (field.fields && isDoc(mine) && isDoc(theirs)) {
      kept[name] = keepUnseen(field.fields, theirs, mine);
    }
  }
  return kept;
};

const readonlyError = (at: readonly PropertyKey[]): FieldError => ({
  pointer: pointer(at),
  code: 'readonly_field',
  detail: `${label(at.filter((part) => typeof part !== 'number').join('.'))} cannot be written`,
});

const repeats = (value: unknown, stored: unknown): boolean =>
  value !== undefined && value !== null && same(value, stored);

/** Takes the owned fields out of a body; those that differ from what is stored are mistakes. */
const splitOwned = (input: Doc, owned: Doc): { rest: Doc; errors: FieldError[] } => {
  const { _id, _rev, createdAt, updatedAt, ...rest } = input;
  const errors = Object.entries({ _id, _rev, createdAt, updatedAt })
    .filter(([name, value]) => Object.hasOwn(input, name) && !repeats(value, owned[name]))
    .map(([name]) => readonlyError([name]));
  return { rest, errors };
};

/** Compiles the way in for one model. Throws one problem with all mistakes of all drafts. */
export const intake = (context: Context, model: Model) => {
  const { fields, rules } = model;
  const { store }: Codec = codec(model);
  const validate = validator(fields);
  const paths = fieldPaths(fields, { privates: true });
  const readonlyPaths = paths.filter(({ field }) => field.readonly);
  const refs = references(model);
  const passwords = paths.filter(({ field }) => field.type === 'password').map(({ path }) => path);
  const unset = new Set(readonlyPaths.map(({ path }) => `#/${path.replaceAll('.', '/')}`));

  const check = ({ input, current, owned = {}, merge = false }: Draft) => {
    const before = current?.wire ?? {};
    const { rest, errors } = splitOwned(input, owned);
    const merged = merge ? mergePatch(before, rest, fields) : keepUnseen(fields, rest, before);
    const whole = isDoc(merged) ? merged : {};
    for (const { path } of readonlyPaths) {
      if (!same(valuesOf(whole, path), valuesOf(before, path)))
        errors.push(readonlyError(path.split('.')));
    }
    const wire = merge ? whole : withDefaults(fields, whole);
    const unchanged = new Set(
      passwords.filter((path) => same(valuesOf(wire, path), valuesOf(before, path))),
    );
    const found = validate(wire).filter(
      ({ pointer: at = '', code }) =>
        !(code === 'required' && unset.has(at)) &&
        !(current && unchanged.has(at.slice(2).replaceAll('/', '.'))),
    );
    errors.push(...found);
    if (errors.length === 0 && rules) errors.push(...applyRules(rules, store(wire)));
    return { wire, errors };
  };

  const hash = async (wire: Doc, before: Doc): Promise<void> => {
    for (const path of passwords) {
      const kept = new Set(valuesAt(before, path).map(({ value }) => value));
      for (const { value, put } of valuesAt(wire, path)) {
        if (!kept.has(value)) put(await hashPassword(String(value), context.config.passwordCost));
      }
    }
  };

  return async (drafts: readonly Draft[]): Promise<Doc[]> => {
    const checked: { wire: Doc; draft: Draft; at: readonly PropertyKey[] }[] = [];
    let errors: FieldError[] = [];
    for (const draft of drafts) {
      if (errors.length > mostErrors) break;
      const { wire, errors: found } = check(draft);
      const at = draft.at ?? [];
      checked.push({ wire, draft, at });
      errors.push(...found.map((error) => moved(error, at)));
    }
    if (errors.length === 0) {
      const written = checked.map(({ wire, draft, at }) => ({
        wire,
        current: draft.current?.wire,
        at,
      }));
      errors = await danglingReferences(context, refs, written);
    }
    if (errors.length > 0) throw problem('validation_error', undefined, { errors });
    for (const { wire, draft } of passwords.length > 0 ? checked : []) {
      await hash(wire, draft.current?.wire ?? {});
    }
    return checked.map(({ wire }) => store(wire));
  };
};

const valuesOf = (wire: Doc, path: string): unknown[] =>
  valuesAt(wire, path).map(({ value }) => value);

const moved = (error: FieldError, at: readonly PropertyKey[]): FieldError =>
  at.length === 0 ? error : { ...error, pointer: pointer(at) + (error.pointer ?? '#').slice(1) };

/** The rules know the document type of their model, which is forgotten here. */
const applyRules = (rules: NonNullable<Model['rules']>, stored: Doc): readonly FieldError[] =>
  rules(stored as never);
