import type { Doc } from '../values/bson.ts';
import { ServerError, failedToParse, typeMismatch } from '../errors.ts';
import { typeSet } from '../query/match-operators.ts';
import { objectRules } from './objects.ts';
import { arrayRules, scalarRules } from './values.ts';
import { equal, isDoc, isNumber, typeOf, type TypeName } from '../values/values.ts';

/** Checks a value that is there; gives MongoDB's explanation when it is not as the rule says. */
export type Rule = (value: unknown) => Doc | undefined;

/** The explanations of everything in a schema that a value does not satisfy; empty when it is valid. */
export type Check = (value: unknown) => Doc[];

/** Compiles one keyword; undefined when it says nothing. */
export type Keyword = (operand: unknown, schema: Doc) => Rule | undefined;

const jsonTypes: Readonly<Record<string, readonly TypeName[]>> = {
  object: ['object'],
  array: ['array'],
  number: ['int', 'long', 'double', 'decimal'],
  boolean: ['bool'],
  string: ['string'],
  null: ['null'],
};

/** JSON Schema's words that MongoDB knows and refuses. */
const refused = [
  '$ref',
  '$schema',
  'default',
  'definitions',
  'format',
  'id',
  'const',
  'contains',
  'if',
];

/** Words that check nothing by themselves. */
const silent = [
  'title',
  'description',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'encrypt',
  'encryptMetadata',
];

let keywords: ReadonlyMap<string, Keyword> | undefined;

/** The table of keywords, joined when it is first asked for: its parts import this module. */
function allKeywords(): ReadonlyMap<string, Keyword> {
  const own: Readonly<Record<string, Keyword>> = {
    ...scalarRules,
    ...arrayRules,
    ...objectRules,
    bsonType: (operand) => typeRule('bsonType', operand, typeSet(operand, '$jsonSchema bsonType')),
    type: (operand) => typeRule('type', operand, new Set(listOf(operand).flatMap(jsonType))),
    enum: enumRule,
    allOf: (operand) => {
      const checks = subschemas('allOf', operand);
      return (value) => {
        const failures = failuresOf(checks, value);
        return failures.length > 0
          ? { operatorName: 'allOf', schemasNotSatisfied: failures }
          : undefined;
      };
    },
    anyOf: (operand) => {
      const checks = subschemas('anyOf', operand);
      return (value) => {
        const failures = failuresOf(checks, value);
        return failures.length === checks.length
          ? { operatorName: 'anyOf', schemasNotSatisfied: failures }
          : undefined;
      };
    },
    oneOf: oneOfRule,
    not: (operand) => {
      const check = compileCheck(operand);
      return (value) =>
        check(value).length === 0
          ? { operatorName: 'not', reason: 'child expression matched' }
          : undefined;
    },
  };
  return new Map(Object.entries(own));
}

/**
 * Compiles a `$jsonSchema` to a function that explains why a document is not valid, in the shape of the `details` of
 * error 121, or gives undefined.
 * @throws ServerError 9 or 14 for a malformed schema
 */
export function compileSchema(schema: Doc): (doc: Doc) => Doc | undefined {
  const check = compileCheck(schema);
  return (doc) => {
    const unsatisfied = check(doc);
    if (unsatisfied.length === 0) return undefined;
    return {
      operatorName: '$jsonSchema',
      ...annotations(schema),
      schemaRulesNotSatisfied: unsatisfied,
    };
  };
}

/** Compiles a `$jsonSchema` to a test. */
export function compileSchemaTest(schema: Doc): (doc: Doc) => boolean {
  const check = compileCheck(schema);
  return (doc) => check(doc).length === 0;
}

/** Title and description of a schema, which explanations repeat. */
export function annotations(schema: Doc): Doc {
  const { title, description } = schema;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
}

/** Compiles a schema or a part of one. */
export function compileCheck(schema: unknown): Check {
  if (!isDoc(schema))
    throw typeMismatch(`$jsonSchema must be an object, but found ${typeOf(schema)}`);
  if ('type' in schema && 'bsonType' in schema) {
    throw failedToParse("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  }
  const rules: Rule[] = [];
  for (const [name, operand] of Object.entries(schema)) {
    if (silent.includes(name)) checkSilent(name, operand, schema);
    else {
      const rule = keywordNamed(name)(operand, schema);
      if (rule) rules.push(rule);
    }
  }
  return (value) => {
    const found: Doc[] = [];
    for (const rule of rules) {
      const failure = rule(value);
      if (failure) found.push(failure);
    }
    return found;
  };
}

function keywordNamed(name: string): Keyword {
  keywords ??= allKeywords();
  const keyword = keywords.get(name);
  if (keyword) return keyword;
  throw failedToParse(
    refused.includes(name)
      ? `$jsonSchema keyword '${name}' is not currently supported`
      : `Unknown $jsonSchema keyword: ${name}`,
  );
}

function checkSilent(name: string, operand: unknown, schema: Doc): void {
  if (name.startsWith('encrypt'))
    throw new ServerError(
      238,
      `$jsonSchema keyword '${name}' is not supported by the embedded development server`,
    );
  if ((name === 'title' || name === 'description') && typeof operand !== 'string') {
    throw typeMismatch(`$jsonSchema keyword '${name}' must be of type string`);
  }
  if (name.startsWith('exclusive')) {
    const other = name === 'exclusiveMinimum' ? 'minimum' : 'maximum';
    if (typeof operand !== 'boolean')
      throw typeMismatch(`$jsonSchema keyword '${name}' must be a boolean`);
    if (!(other in schema)) {
      throw failedToParse(`$jsonSchema keyword '${other}' must be a present if ${name} is present`);
    }
  }
}

/** The explanation that most keywords give. */
export function failure(
  keyword: string,
  operand: unknown,
  reason: string,
  value: unknown,
  more: Doc = {},
): Doc {
  return {
    operatorName: keyword,
    specifiedAs: { [keyword]: operand },
    reason,
    consideredValue: value,
    ...more,
  };
}

/** A whole number that is not negative. */
export function countOperand(keyword: string, operand: unknown): number {
  if (!isNumber(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
  const count = Number(operand.toString());
  if (!Number.isInteger(count)) {
    throw failedToParse(`Expected an integer: ${keyword}: ${String(operand)}`);
  }
  if (count < 0) throw failedToParse(`Expected a non-negative number in: ${keyword}: ${count}`);
  return count;
}

/** A list of strings without repetition. */
export function namesOperand(keyword: string, operand: unknown): string[] {
  if (!Array.isArray(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an array, but found ${typeOf(operand)}`,
    );
  }
  if (operand.length === 0)
    throw failedToParse(`$jsonSchema keyword '${keyword}' cannot be an empty array`);
  const names = operand.map((name: unknown) => {
    if (typeof name !== 'string') {
      throw typeMismatch(
        `$jsonSchema keyword '${keyword}' must be an array of strings, but found an element of type: ${typeOf(name)}`,
      );
    }
    return name;
  });
  if (new Set(names).size < names.length) {
    throw failedToParse(`$jsonSchema keyword '${keyword}' array cannot contain duplicate values`);
  }
  return names;
}

function listOf(operand: unknown): unknown[] {
  return Array.isArray(operand) ? operand : [operand];
}

function jsonType(name: unknown): readonly TypeName[] {
  if (typeof name !== 'string')
    throw typeMismatch("$jsonSchema keyword 'type' must be either a string or an array of strings");
  if (name === 'integer')
    throw failedToParse("$jsonSchema type 'integer' is not currently supported.");
  const types = Object.hasOwn(jsonTypes, name) ? jsonTypes[name] : undefined;
  if (!types) throw new ServerError(2, `Unknown type name alias: ${name}`);
  return types;
}

function typeRule(keyword: string, operand: unknown, types: ReadonlySet<TypeName>): Rule {
  return (value) => {
    const type = typeOf(value);
    return types.has(type)
      ? undefined
      : failure(keyword, operand, 'type did not match', value, { consideredType: type });
  };
}

function enumRule(operand: unknown): Rule {
  if (!Array.isArray(operand))
    throw typeMismatch(`$jsonSchema keyword 'enum' must be an array, but found ${typeOf(operand)}`);
  if (operand.length === 0)
    throw failedToParse("$jsonSchema keyword 'enum' cannot be an empty array");
  return (value) =>
    operand.some((allowed) => equal(allowed, value))
      ? undefined
      : failure('enum', operand, 'value was not found in enum', value);
}

function subschemas(keyword: string, operand: unknown): Check[] {
  if (!Array.isArray(operand))
    throw typeMismatch(`$jsonSchema keyword '${keyword}' must be an array`);
  if (operand.length === 0)
    throw new ServerError(2, `$jsonSchema keyword '${keyword}' must be a non-empty array`);
  return operand.map(compileCheck);
}

function failuresOf(checks: Check[], value: unknown): Doc[] {
  return checks.flatMap((check, index) => {
    const details = check(value);
    return details.length > 0 ? [{ index, details }] : [];
  });
}

function oneOfRule(operand: unknown): Rule {
  const checks = subschemas('oneOf', operand);
  return (value) => {
    const failures = failuresOf(checks, value);
    const matching = checks.length - failures.length;
    if (matching === 1) return undefined;
    if (matching === 0) return { operatorName: 'oneOf', schemasNotSatisfied: failures };
    const failed = new Set(failures.map(({ index }) => index));
    return {
      operatorName: 'oneOf',
      reason: 'more than one subschema matched',
      matchingSchemaIndexes: [...checks.keys()].filter((index) => !failed.has(index)),
    };
  };
}
