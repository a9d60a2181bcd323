import { get, type Doc } from '../values/bson.ts';
import { typeMismatch } from '../errors.ts';
import { compileRegex } from '../query/match-regex.ts';
import {
  annotations,
  compileCheck,
  countOperand,
  namesOperand,
  type Check,
  type Keyword,
  type Rule,
} from './schema.ts';
import { isDoc, typeOf } from '../values/values.ts';

function objectOperand(keyword: string, operand: unknown): Doc {
  if (!isDoc(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword '${keyword}' must be an object, but found ${typeOf(operand)}`,
    );
  }
  return operand;
}

function required(operand: unknown): Rule {
  const names = namesOperand('required', operand);
  return (value) => {
    if (!isDoc(value)) return undefined;
    const missingProperties = names.filter((name) => get(value, name) === undefined);
    return missingProperties.length === 0
      ? undefined
      : { operatorName: 'required', specifiedAs: { required: operand }, missingProperties };
  };
}

function properties(operand: unknown): Rule {
  const checks = Object.entries(objectOperand('properties', operand)).map(([name, schema]) => ({
    name,
    check: compileCheck(schema),
    notes: annotations(schema as Doc),
  }));
  return (value) => {
    if (!isDoc(value)) return undefined;
    const unsatisfied: Doc[] = [];
    for (const { name, check, notes } of checks) {
      const member = get(value, name);
      const details = member === undefined ? [] : check(member);
      if (details.length > 0) unsatisfied.push({ propertyName: name, ...notes, details });
    }
    return unsatisfied.length === 0
      ? undefined
      : { operatorName: 'properties', propertiesNotSatisfied: unsatisfied };
  };
}

function patterns(operand: unknown): { regex: RegExp; source: string; check: Check }[] {
  if (operand === undefined) return [];
  return Object.entries(objectOperand('patternProperties', operand)).map(([source, schema]) => ({
    regex: compileRegex(source, ''),
    source,
    check: compileCheck(schema),
  }));
}

function patternProperties(operand: unknown): Rule {
  const rules = patterns(operand);
  return (value) => {
    if (!isDoc(value)) return undefined;
    const details = rules.flatMap(({ regex, source, check }) =>
      Object.keys(value).flatMap((name) => {
        const found = regex.test(name) ? check(value[name]) : [];
        return found.length > 0
          ? [{ propertyName: name, regexMatched: source, details: found }]
          : [];
      }),
    );
    return details.length === 0 ? undefined : { operatorName: 'patternProperties', details };
  };
}

function additionalProperties(operand: unknown, schema: Doc): Rule | undefined {
  if (operand === true) return undefined;
  if (operand !== false && !isDoc(operand)) {
    throw typeMismatch(
      "$jsonSchema keyword 'additionalProperties' must be either an object or a boolean",
    );
  }
  const named = new Set(isDoc(schema.properties) ? Object.keys(schema.properties) : []);
  const regexes = patterns(schema.patternProperties).map(({ regex }) => regex);
  const check = operand === false ? undefined : compileCheck(operand);
  const surplus = (value: Doc) =>
    Object.keys(value).filter(
      (name) => !named.has(name) && !regexes.some((regex) => regex.test(name)),
    );
  return (value) => {
    if (!isDoc(value)) return undefined;
    const names = surplus(value);
    if (!check) {
      return names.length === 0
        ? undefined
        : {
            operatorName: 'additionalProperties',
            specifiedAs: { additionalProperties: false },
            additionalProperties: names,
          };
    }
    for (const name of names) {
      const details = check(value[name]);
      if (details.length > 0) {
        return {
          operatorName: 'additionalProperties',
          reason: 'at least one additional property did not match the subschema',
          failingProperty: name,
          details,
        };
      }
    }
    return undefined;
  };
}

function size(keyword: 'minProperties' | 'maxProperties'): Keyword {
  return (operand) => {
    const bound = countOperand(keyword, operand);
    return (value) => {
      if (!isDoc(value)) return undefined;
      const numberOfProperties = Object.keys(value).length;
      return (
        keyword === 'minProperties' ? numberOfProperties >= bound : numberOfProperties <= bound
      )
        ? undefined
        : {
            operatorName: keyword,
            specifiedAs: { [keyword]: operand },
            reason: 'specified number of properties was not satisfied',
            numberOfProperties,
          };
    };
  };
}

function dependencies(operand: unknown): Rule {
  const rules = Object.entries(objectOperand('dependencies', operand)).map(
    ([name, dependency]) => ({
      name,
      find: Array.isArray(dependency) ? missingNames(dependency) : failingDetails(dependency),
    }),
  );
  return (value) => {
    if (!isDoc(value)) return undefined;
    const failing = rules.flatMap(({ name, find }) => {
      const found = get(value, name) === undefined ? undefined : find(value);
      return found ? [{ conditionalProperty: name, ...found }] : [];
    });
    return failing.length === 0
      ? undefined
      : { operatorName: 'dependencies', failingDependencies: failing };
  };
}

function missingNames(dependency: unknown): (doc: Doc) => Doc | undefined {
  const names = namesOperand('dependencies', dependency);
  return (doc) => {
    const missingProperties = names.filter((name) => get(doc, name) === undefined);
    return missingProperties.length > 0 ? { missingProperties } : undefined;
  };
}

function failingDetails(dependency: unknown): (doc: Doc) => Doc | undefined {
  const check = compileCheck(dependency);
  return (doc) => {
    const details = check(doc);
    return details.length > 0 ? { details } : undefined;
  };
}

/** Keywords of documents. */
export const objectRules: Readonly<Record<string, Keyword>> = {
  required,
  properties,
  patternProperties,
  additionalProperties,
  minProperties: size('minProperties'),
  maxProperties: size('maxProperties'),
  dependencies,
};
