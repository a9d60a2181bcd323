import { get, type Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError, badValue, failedToParse, unsupported } from '../errors.ts';
import { compileExpression, scopeOf, type Scope } from '../expressions/expressions.ts';
import { compileGeoWithin } from './match-geo.ts';
import {
  bits,
  equals,
  hasSize,
  hasType,
  modulo,
  oneOf,
  ordered,
  regex,
  type Test,
} from './match-operators.ts';
import { splitPath, walk } from '../values/paths.ts';
import { compileSchemaTest } from '../schema/schema.ts';
import { compileText, type TextIndex } from './text.ts';
import { isDoc, isNumber, regexParts, typeOf } from '../values/values.ts';

/** A compiled filter. */
export interface Matcher {
  test(doc: Doc): boolean;
  /** The array place that the positional `$` stands for, when the document matches through an array. */
  position(doc: Doc): number | undefined;
}

/** What a filter may refer to beside the document. */
export interface MatchEnv {
  readonly collation?: Collation | undefined;
  /** The command's `let`: expressions that `$expr` reads as `$$name`. */
  readonly let?: Doc | undefined;
  readonly now?: Date | undefined;
  /** The collection's text index, if it has one. */
  readonly text?: TextIndex | undefined;
  /** Variables already bound (sub-pipelines); takes the place of `let` and `now`. */
  readonly scope?: Scope | undefined;
  /** Set inside `$elemMatch`, where not every operator may stand. */
  readonly nested?: boolean;
}

/** Where a match was found; filled in as the filter is evaluated. */
interface Hit {
  index: number | undefined;
}

type Node = (doc: Doc, hit: Hit | undefined) => boolean;

/** An operator under a field: on the field of a document, and on one value (inside `$elemMatch`). */
interface FieldTest {
  node: Node;
  single: Test;
}

/**
 * Compiles a filter.
 * @throws ServerError 2 or 9 for a malformed filter, 238 for an operator that is not supported
 */
export function compileFilter(filter: Doc, env: MatchEnv = {}): Matcher {
  const node = compileNode(filter, env);
  return {
    test: (doc) => node(doc, undefined),
    position(doc) {
      const hit: Hit = { index: undefined };
      return node(doc, hit) ? hit.index : undefined;
    },
  };
}

/** Whether a value under a field is a document of operators, such as `{$gt: 1}`, rather than a value to equal. */
export function isOperatorDoc(value: unknown): value is Doc {
  if (!isDoc(value)) return false;
  const first = Object.keys(value)[0];
  return first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first);
}

function compileNode(filter: Doc, env: MatchEnv): Node {
  const nodes = Object.keys(filter).map((key) =>
    key.startsWith('$') ? topLevel(key, filter[key], env) : field(key, filter[key], env),
  );
  return all(nodes);
}

function all(nodes: Node[]): Node {
  const [first, second] = nodes;
  if (!first) return () => true;
  if (!second) return first;
  return (doc, hit) => {
    for (const node of nodes) if (!node(doc, hit)) return false;
    return true;
  };
}

function topLevel(operator: string, operand: unknown, env: MatchEnv): Node {
  switch (operator) {
    case '$and':
      return all(clauses(operator, operand, env));
    case '$or': {
      const nodes = clauses(operator, operand, env);
      return (doc, hit) => nodes.some((node) => node(doc, hit));
    }
    case '$nor': {
      const nodes = clauses(operator, operand, env);
      return (doc) => !nodes.some((node) => node(doc, undefined));
    }
    case '$expr': {
      checkTopLevel(operator, env);
      const expression = compileExpression(operand, env.scope ?? scopeOf(env), env.collation);
      return (doc) => {
        const value = expression(doc);
        return !(value === undefined || value === null || value === false || isZero(value));
      };
    }
    case '$comment':
      return () => true;
    case '$jsonSchema': {
      if (!isDoc(operand)) throw new ServerError(14, '$jsonSchema must be an object');
      return compileSchemaTest(operand);
    }
    case '$text': {
      checkTopLevel(operator, env);
      if (!isDoc(operand)) throw badValue('$text expects an object');
      const score = compileText(operand, env.text);
      return (doc) => score(doc) > 0;
    }
    case '$alwaysTrue':
    case '$alwaysFalse':
      if (!isNumber(operand) || Number(operand.toString()) !== 1) {
        throw failedToParse(`${operator} must be an integer value of 1`);
      }
      return () => operator === '$alwaysTrue';
    case '$where':
    case '$sampleRate':
      throw unsupported(operator);
    default:
      throw badValue(
        `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function checkTopLevel(operator: string, env: MatchEnv): void {
  if (env.nested) throw badValue(`${operator} can only be applied to the top-level document`);
}

function isZero(value: unknown): boolean {
  return isNumber(value) && Number(value.toString()) === 0;
}

function clauses(operator: string, operand: unknown, env: MatchEnv): Node[] {
  if (!Array.isArray(operand)) throw badValue(`${operator} must be an array`);
  if (operand.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  return operand.map((clause: unknown) => {
    if (!isDoc(clause)) throw badValue('$or/$and/$nor entries need to be full objects');
    return compileNode(clause, env);
  });
}

function field(path: string, operand: unknown, env: MatchEnv): Node {
  const parts = splitPath(path);
  if (isOperatorDoc(operand)) return all(operators(parts, operand, env).map(({ node }) => node));
  const test = typeOf(operand) === 'regex' ? regex(operand) : equals(operand, env.collation);
  return onPath(parts, test);
}

/** A test that holds for some value at the path, members of a final array included. */
function onPath(parts: string[], test: Test): Node {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) {
    return (doc, hit) => {
      const value = get(doc, only);
      if (!Array.isArray(value)) return test(value);
      for (let at = 0; at < value.length; at++) {
        if (test(value[at])) {
          if (hit) hit.index = at;
          return true;
        }
      }
      return test(value);
    };
  }
  return walked(parts, true, test);
}

function walked(parts: string[], leaves: boolean, test: Test): Node {
  return (doc, hit) =>
    walk(doc, parts, leaves, (value, index) => {
      if (!test(value)) return false;
      if (hit && index !== undefined) hit.index = index;
      return true;
    });
}

function operators(parts: string[], operand: Doc, env: MatchEnv): FieldTest[] {
  const tests: FieldTest[] = [];
  for (const operator of Object.keys(operand)) {
    if (operator === '$options') {
      if (operand.$regex === undefined) throw badValue('$options needs a $regex');
    } else {
      tests.push(fieldOperator(parts, operator, operand[operator], operand, env));
    }
  }
  return tests;
}

function fieldOperator(
  parts: string[],
  operator: string,
  operand: unknown,
  siblings: Doc,
  env: MatchEnv,
): FieldTest {
  const leaf = (test: Test): FieldTest => ({ node: onPath(parts, test), single: test });
  switch (operator) {
    case '$eq':
      return leaf(equals(operand, env.collation));
    case '$ne':
      if (typeOf(operand) === 'regex') throw badValue("Can't have regex as arg to $ne.");
      return not([leaf(equals(operand, env.collation))]);
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (typeOf(operand) === 'regex') {
        throw badValue(`Can't have RegEx as arg to predicate over field '${parts.join('.')}'.`);
      }
      return leaf(ordered(operator, operand, env.collation));
    case '$in':
      return leaf(oneOf(operandsOf(operator, operand), env.collation));
    case '$nin':
      return not([leaf(oneOf(operandsOf(operator, operand), env.collation))]);
    case '$not':
      return negation(parts, operand, env);
    case '$exists': {
      const exists = leaf((value) => value !== undefined);
      return isTruthy(operand) ? exists : not([exists]);
    }
    case '$type':
      return leaf(hasType(operand));
    case '$mod':
      return leaf(modulo(operand));
    case '$regex':
      return leaf(regexOperator(operand, siblings.$options));
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return leaf(bits(operator, operand));
    case '$size': {
      const test = hasSize(operand);
      return { node: walked(parts, false, test), single: test };
    }
    case '$all':
      return allOf(parts, operand, env);
    case '$elemMatch':
      return elemMatch(parts, operand, env);
    case '$comment':
      return { node: () => true, single: () => true };
    case '$geoWithin':
    case '$within':
      return leaf(compileGeoWithin(operand));
    case '$geoIntersects':
    case '$near':
    case '$nearSphere':
    case '$geoNear':
    case '$maxDistance':
    case '$minDistance':
      throw unsupported(operator);
    default:
      throw badValue(`unknown operator: ${operator}`);
  }
}

function not(tests: FieldTest[]): FieldTest {
  return {
    node: (doc) => !tests.every(({ node }) => node(doc, undefined)),
    single: (value) => !tests.every(({ single }) => single(value)),
  };
}

function negation(parts: string[], operand: unknown, env: MatchEnv): FieldTest {
  if (typeOf(operand) === 'regex') {
    const test = regex(operand);
    return not([{ node: onPath(parts, test), single: test }]);
  }
  if (!isDoc(operand)) throw badValue('$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw badValue('$not cannot be empty');
  if (!isOperatorDoc(operand)) throw badValue(`unknown operator: ${Object.keys(operand)[0]}`);
  return not(operators(parts, operand, env));
}

function operandsOf(operator: string, operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`);
  for (const item of operand) {
    if (isOperatorDoc(item)) throw badValue(`cannot nest $ under ${operator}`);
  }
  return operand;
}

function isTruthy(operand: unknown): boolean {
  return !(operand === false || operand === null || operand === undefined || isZero(operand));
}

function regexOperator(operand: unknown, options: unknown): Test {
  if (options !== undefined && typeof options !== 'string') {
    throw badValue('$options has to be a string');
  }
  if (typeof operand === 'string') return regex(operand, options ?? '');
  if (typeOf(operand) !== 'regex') throw badValue('$regex has to be a string');
  if (options !== undefined && regexParts(operand)[1] !== '') {
    throw new ServerError(51075, 'options set in both $regex and $options');
  }
  return regex(operand, options);
}

function allOf(parts: string[], operand: unknown, env: MatchEnv): FieldTest {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  const elemMatches = operand.filter((item) => isDoc(item) && '$elemMatch' in item);
  if (elemMatches.length > 0 && elemMatches.length < operand.length) {
    throw badValue('$all/$elemMatch has to be consistent');
  }
  if (operand.length === 0) return { node: () => false, single: () => false };
  const tests = operand.map((item: unknown): FieldTest => {
    if (isDoc(item) && '$elemMatch' in item) return elemMatch(parts, item.$elemMatch, env);
    if (isOperatorDoc(item)) throw badValue('no $ expressions in $all');
    const test = typeOf(item) === 'regex' ? regex(item) : equals(item, env.collation);
    return { node: onPath(parts, test), single: test };
  });
  return {
    node: all(tests.map(({ node }) => node)),
    single: (value) => tests.every(({ single }) => single(value)),
  };
}

/** Whether an `$elemMatch` speaks of the members' values (`{$gt: 1}`) rather than of their fields. */
function isValueForm(operand: Doc): boolean {
  const first = Object.keys(operand)[0];
  return (
    isOperatorDoc(operand) &&
    !['$and', '$or', '$nor', '$expr', '$where', '$comment'].includes(first ?? '')
  );
}

function elemMatch(parts: string[], operand: unknown, env: MatchEnv): FieldTest {
  const find = compileElemMatch(operand, env);
  return {
    single: (value) => Array.isArray(value) && find(value) >= 0,
    node: (doc, hit) =>
      walk(doc, parts, false, (value, index) => {
        const at = Array.isArray(value) ? find(value) : -1;
        if (at >= 0 && hit) hit.index = index ?? at;
        return at >= 0;
      }),
  };
}

/** Compiles the operand of `$elemMatch`: gives the place of the first member that matches, or -1. */
export function compileElemMatch(operand: unknown, env: MatchEnv): (items: unknown[]) => number {
  if (!isDoc(operand)) throw badValue('$elemMatch needs an Object');
  if (isValueForm(operand)) {
    const tests = operators([''], operand, env);
    return (items) => items.findIndex((item) => tests.every(({ single }) => single(item)));
  }
  if ('$where' in operand) throw unsupported('$where');
  const node = compileNode(operand, { ...env, nested: true });
  return (items) =>
    items.findIndex((item) => {
      if (isDoc(item)) return node(item, undefined);
      return Array.isArray(item) && node(Object.fromEntries(item.entries()) as Doc, undefined);
    });
}
