import { basename, extname } from 'node:path';
import { exit, UserError } from '../../errors.ts';
import { resourceKey } from '../build.ts';
import { checkSpec, fieldNameProblem } from '../check.ts';
import { boundProblems, defaultProblem } from '../defaults.ts';
import { fieldProblems } from '../field-rules.ts';
import { folded, resourceNames, type ResourceNames } from '../names.ts';
import { refuse } from '../parse.ts';
import { patternProblem } from '../pattern.ts';
import { limits, type FieldSpec, type ResourceSpec, type Spec } from '../schema.ts';
import type { Draft } from './draft.ts';

type Fields = Record<string, FieldSpec>;

/** A spec made from something else, and what of it was changed or left out on the way. */
export interface Imported {
  spec: Spec;
  notes: string[];
}

/** Fields that the server keeps itself, under whatever library wrote the source. */
const owned = new Set('id _id _rev __v createdAt updatedAt deletedAt createdBy'.split(' '));

/**
 * Makes a spec of what an importer found. What cannot be a field is renamed, simplified or left out, with a
 * note each: a source in another language never fits wholly. `name` is the project's, before the source's own.
 * Throws a UserError when nothing usable is left.
 */
export function assemble(draft: Draft, name?: string): Imported {
  const notes = [...draft.notes];
  const resources = new Map<string, ResourceSpec>();
  if (draft.resources.length > limits.resources)
    throw new UserError(exit.usage, `${draft.from} has more than ${limits.resources} resources`);
  let refused: UserError | undefined;
  for (const { name: typed, description, fields } of draft.resources) {
    const found = namesOf(typed, draft.from);
    if (found instanceof UserError) {
      refused ??= found;
      notes.push(`${typed.slice(0, 80)} is left out: ${found.message}`);
      continue;
    }
    const { singular, ...names } = found;
    if (resources.has(singular)) {
      notes.push(`${typed.slice(0, 80)} is left out: another is the resource ${singular} already`);
      continue;
    }
    const own = cleanFields(fields, singular, notes);
    if (Object.keys(own).length === 0) {
      notes.push(`${singular} is left out: no field of it can be taken over`);
      continue;
    }
    resources.set(singular, { ...names, ...described(description), fields: own });
  }
  if (resources.size === 0)
    throw (
      refused ??
      new UserError(
        exit.usage,
        `${draft.from} has nothing to make a resource from`,
        'give the resources with --resource',
      )
    );
  const spec: Spec = {
    version: 1,
    name: name ?? draft.name ?? 'api',
    ...described(draft.description),
    packageManager: 'npm',
    database: 'embedded',
    pages: true,
    features: [],
    resources: Object.fromEntries(resources),
  };
  for (const [key, resource] of Object.entries(spec.resources))
    settleRefs(resource.fields, key, spec, notes);
  refuse(checkSpec(spec), () => draft.from);
  return { spec, notes };
}

/** The names of what the source calls so, or a refusal that says where it stands. */
function namesOf(typed: string, from: string): ResourceNames | UserError {
  try {
    return resourceNames(usable(typed) || typed);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const way = basename(from, extname(from)) === typed ? 'rename the file' : 'rename it there';
    return new UserError(
      error.code,
      `${from}: ${error.message}`,
      `${way}: ${error.hint ?? 'shorter'}`,
    );
  }
}

/** Any text as near to a resource name as its letters and digits allow. */
function usable(typed: string): string {
  return typed
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .replace(/^(?=[0-9])/, 'n');
}

function described(text: string | undefined): { description?: string } {
  const short = text?.trim().slice(0, limits.description);
  return short === undefined || short === '' ? {} : { description: short };
}

function cleanFields(fields: Fields, label: string, notes: string[]): Fields {
  const result = new Map<string, FieldSpec>();
  const seen = new Set<string>();
  for (const [typed, field] of Object.entries(fields)) {
    const name = fieldName(typed);
    const at = `${label}.${typed.slice(0, 80)}`;
    if (name === undefined || seen.has(folded(name))) {
      const why = owned.has(typed)
        ? 'the server keeps its own'
        : 'no field can have this name beside the others';
      notes.push(`${at} is left out: ${why}`);
      continue;
    }
    if (name !== typed) notes.push(`${at} is called ${name}`);
    seen.add(folded(name));
    result.set(name, cleanField(field, at, notes));
  }
  return Object.fromEntries(result);
}

/** The name itself, or one near it that a field may have. */
function fieldName(typed: string): string | undefined {
  if (owned.has(typed)) return undefined;
  if (fieldNameProblem(typed) === undefined) return typed;
  const name = typed
    .replace(/[^A-Za-z0-9_]+(.)?/g, (_, next?: string) => (next ?? '').toUpperCase())
    .replace(/^_+/, '')
    .slice(0, limits.nameLength);
  return fieldNameProblem(name) === undefined ? name : undefined;
}

/** The field without what does not fit together; as text or free JSON when too little is left. */
function cleanField(field: FieldSpec, at: string, notes: string[]): FieldSpec {
  const clean: FieldSpec = { ...field, ...described(field.description) };
  if (clean.description?.trim() === '') delete clean.description;
  if (clean.fields !== undefined) {
    clean.fields = cleanFields(clean.fields, at, notes);
    if (Object.keys(clean.fields).length === 0) return freeForm(clean, at, notes);
  }
  if (clean.pattern !== undefined) {
    const problem = patternTrouble(clean, clean.pattern);
    if (problem !== undefined) {
      notes.push(`${at}: its pattern is left out, since it ${problem}`);
      delete clean.pattern;
    }
  }
  if (clean.default !== undefined && (clean.unique || defaultProblem(clean) !== undefined)) {
    notes.push(`${at}: its default is left out, since it does not fit`);
    delete clean.default;
  }
  const problems = clean.to === undefined ? [...fieldProblems(clean), ...boundProblems(clean)] : [];
  if (problems[0] === undefined) return clean;
  notes.push(`${at} ${problems[0]}; it is taken as ${clean.type === 'enum' ? 'string' : 'json'}`);
  return clean.type === 'enum'
    ? { type: 'string', ...(clean.required && { required: true }) }
    : bare(clean);
}

/** Why the field does better without its pattern, as the end of a sentence about it; undefined when it does not. */
function patternTrouble({ pattern: _pattern, ...rest }: FieldSpec, pattern: string) {
  if (pattern.length > 200) return 'is longer than 200 characters';
  const unsampled = () =>
    boundProblems(rest).length === 0 && boundProblems({ ...rest, pattern }).length > 0;
  return (
    patternProblem(pattern) ??
    (unsampled() ? 'is one for which the tests cannot make up a value' : undefined)
  );
}

function freeForm(field: FieldSpec, at: string, notes: string[]): FieldSpec {
  notes.push(`${at} has no declared fields; it is free JSON`);
  return bare(field);
}

function bare(field: FieldSpec): FieldSpec {
  return {
    type: 'json',
    ...described(field.description),
    ...(field.required && { required: true }),
  };
}

/** Points each ref to the key of its resource; a ref to something that is not imported becomes text. */
function settleRefs(fields: Fields, label: string, spec: Spec, notes: string[]): void {
  for (const [name, field] of Object.entries(fields)) {
    if (field.fields !== undefined) settleRefs(field.fields, `${label}.${name}`, spec, notes);
    if (field.to === undefined) continue;
    try {
      field.to = resourceKey(field.to, spec);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notes.push(
        `${label}.${name} points to ${field.to}, which is no resource here; it is taken as text`,
      );
      delete field.to;
      delete field.onDelete;
      field.type = 'string';
    }
  }
}
