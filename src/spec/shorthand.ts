import { exit, UserError } from '../errors.ts';
import { fieldNameProblem } from './check.ts';
import { allows, article, flags, modifiers, textual, type Modifier } from './field-rules.ts';
import { quote } from './names.ts';
import { didYouMean, nearest } from './nearest.ts';
import {
  fieldTypes,
  shapeProblem,
  type FieldSpec,
  type FieldType,
  type JsonValue,
} from './schema.ts';

type Mark = '!' | '?' | '[]';

/**
 * Reads `name:type[:argument][:modifier...]`: the segments of the name, and the field (the target of a ref as
 * typed). Throws a UserError that says what to write instead.
 */
export function parseField(text: string): { path: string[]; field: FieldSpec } {
  const source = text.replace(/^\uFEFF/, '');
  const { head, tail } = splitTail(source);
  const [rawName = '', rawType, ...rest] = head;
  const name = marked(rawName);
  const type = marked(rawType ?? '');
  const path = name.word.split('.');
  for (const segment of path) {
    const problem = fieldNameProblem(segment);
    if (problem !== undefined) throw new UserError(exit.usage, problem.message, problem.hint);
  }
  const field: FieldSpec = { type: typeNamed(rawType === undefined ? 'string' : type.word, text) };
  if (rawType !== undefined) takeArgument(field, rest, text);
  for (const mark of [...name.marks, ...type.marks]) applyMark(field, mark, text);
  for (const modifier of rest) applyModifier(field, modifier, text);
  if (tail !== undefined) applyModifier(field, tail, text);
  if ([...name.marks, ...type.marks].includes('?') && field.required)
    throw refusal(text, 'is both optional and required');
  const problem = shapeProblem(field);
  if (problem !== undefined) throw refusal(text, problem);
  return { path, field };
}

/**
 * Parts at each colon, except that `pattern=` and `default=` take the rest of the text, and that behind the type none
 * is parted before a digit: no modifier begins with one, and a time of day (`min=2026-01-31T09:30:00Z`) stays whole.
 */
function splitTail(text: string): { head: string[]; tail?: string } {
  const at = /:(?=(?:pattern|default)=)/.exec(text)?.index;
  const [name = '', type, ...rest] = text.slice(0, at).split(':');
  const head = [
    name,
    ...(type === undefined ? [] : [type]),
    ...(rest.length === 0 ? [] : rest.join(':').split(/:(?!\d)/)),
  ];
  return at === undefined ? { head } : { head, tail: text.slice(at + 1) };
}

/** A word, and the short marks at its end. */
function marked(word: string): { word: string; marks: Mark[] } {
  const marks: Mark[] = [];
  for (let rest = word; ;) {
    const mark = (['!', '?', '[]'] as const).find((candidate) => rest.endsWith(candidate));
    if (mark === undefined) return { word: rest, marks };
    marks.push(mark);
    rest = rest.slice(0, -mark.length);
  }
}

function applyMark(field: FieldSpec, mark: Mark, text: string): void {
  if (mark === '?') return;
  applyModifier(field, mark === '!' ? 'required' : 'array', text);
}

function typeNamed(word: string, text: string): FieldType {
  const type = fieldTypes.find((known) => known === word);
  if (type !== undefined) return type;
  const flag = flags.find((known) => known === word);
  if (flag !== undefined)
    throw refusal(
      text,
      `has ${flag} where its type belongs`,
      `write ${text.split(':')[0] ?? ''}:string:${flag}`,
    );
  throw refusal(
    text,
    `has the unknown type ${quote(word)}`,
    synonym(word) ?? didYouMean(word, fieldTypes),
  );
}

/** What other tools and databases call our types. */
const synonyms: ReadonlyMap<string, FieldType> = new Map([
  ['int', 'integer'],
  ['long', 'integer'],
  ['bigint', 'integer'],
  ['float', 'number'],
  ['double', 'number'],
  ['money', 'decimal'],
  ['bool', 'boolean'],
  ['str', 'string'],
  ['varchar', 'string'],
  ['char', 'string'],
  ['longtext', 'text'],
  ['time', 'datetime'],
  ['timestamp', 'datetime'],
  ['uri', 'url'],
  ['link', 'url'],
  ['mail', 'email'],
  ['guid', 'uuid'],
  ['objectid', 'ref'],
  ['reference', 'ref'],
  ['references', 'ref'],
  ['belongsto', 'ref'],
  ['choice', 'enum'],
  ['map', 'json'],
  ['any', 'json'],
  ['geo', 'point'],
  ['location', 'point'],
  ['secret', 'password'],
]);

function synonym(word: string): string | undefined {
  const type = synonyms.get(word.toLowerCase());
  return type === undefined ? undefined : `did you mean ${type}?`;
}

/** Takes the argument of an enum or a ref off the parts behind the type. */
function takeArgument(field: FieldSpec, rest: string[], text: string): void {
  if (field.type !== 'enum' && field.type !== 'ref') return;
  const argument = rest.shift();
  if (argument === undefined || argument === '')
    throw refusal(
      text,
      field.type === 'enum' ? 'is an enum without values' : 'is a ref without a target',
      field.type === 'enum' ? 'write status:enum:draft,live' : 'write category:ref:categories',
    );
  if (field.type === 'enum') field.values = argument.split(',');
  else field.to = argument;
}

function applyModifier(field: FieldSpec, argument: string, text: string): void {
  const equals = argument.indexOf('=');
  const word = equals === -1 ? argument : argument.slice(0, equals);
  const value = equals === -1 ? undefined : argument.slice(equals + 1);
  const modifier = modifiers.find((known) => known === word);
  if (modifier === undefined) throw unknownModifier(word, text);
  if (!allows(field.type, modifier))
    throw refusal(text, `cannot be ${modifier}`, `${article(field.type)} has no ${modifier}`);
  if (field[modifier] !== undefined) throw refusal(text, `says ${modifier} twice`);
  const flag = flags.find((known) => known === modifier);
  if (flag !== undefined) {
    if (value !== undefined) throw refusal(text, `gives ${flag} a value`, `write only ${flag}`);
    field[flag] = true;
    return;
  }
  if (value === undefined || (value === '' && modifier !== 'default'))
    throw refusal(text, `has ${modifier} without a value`, `write ${modifier}=...`);
  setValue(field, modifier, value, text);
}

function setValue(field: FieldSpec, modifier: Modifier, value: string, text: string): void {
  switch (modifier) {
    case 'min':
    case 'max':
      field[modifier] = textual.includes(field.type) ? value : numberIn(value, modifier, text);
      return;
    case 'minLength':
    case 'maxLength':
    case 'maxItems':
      field[modifier] = numberIn(value, modifier, text);
      return;
    case 'onDelete': {
      const rules = ['restrict', 'cascade', 'nullify'] as const;
      const rule = rules.find((known) => known === value);
      if (rule === undefined)
        throw refusal(text, `has the unknown onDelete ${quote(value)}`, didYouMean(value, rules));
      field.onDelete = rule;
      return;
    }
    case 'pattern':
      field.pattern = value;
      return;
    default:
      field.default = defaultIn(field, value, text);
  }
}

function numberIn(value: string, modifier: Modifier, text: string): number {
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value))
    throw refusal(text, `has ${modifier}=${value.slice(0, 40)}, which is no number`);
  return Number(value);
}

/** A default: text as it stands, anything else as JSON. */
function defaultIn(field: FieldSpec, value: string, text: string): JsonValue {
  if (!field.array && textual.includes(field.type)) return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    throw refusal(
      text,
      `has the default ${quote(value)}, which is not JSON`,
      field.array ? 'write default=["a","b"]' : `write a value of type ${field.type}`,
    );
  }
}

function unknownModifier(word: string, text: string): UserError {
  const what = `has the unknown modifier ${quote(word)}`;
  const near = nearest(word, modifiers);
  if (near !== undefined) return refusal(text, what, `did you mean ${near}?`);
  const type = fieldTypes.find((known) => known === word);
  if (type !== undefined) return refusal(text, `names two types, the second is ${type}`);
  return refusal(text, what, `one of: ${modifiers.join(', ')}`);
}

function refusal(text: string, what: string, hint?: string): UserError {
  return new UserError(exit.usage, `the field ${quote(text)} ${what}`, hint);
}
