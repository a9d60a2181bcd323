import { drop, encode, get, put, type Doc } from '../values/bson.ts';
import { ServerError, unsupported } from '../errors.ts';
import type { Expression, Operator } from './expressions.ts';
import { isNullish, namedFields, unary, variadic } from './operands.ts';
import { textScore } from '../query/text.ts';
import { isDoc, typeOf } from '../values/values.ts';

/** Later members win; null and missing are passed over. Throws 40400 for anything but documents. */
export function mergeObjects(values: readonly unknown[]): Doc {
  const merged: Doc = {};
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDoc(value)) {
      throw new ServerError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeOf(value)}`,
      );
    }
    for (const key of Object.keys(value)) put(merged, key, value[key]);
  }
  return merged;
}

function objectToArray(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (!isDoc(value)) {
    throw new ServerError(
      40390,
      `$objectToArray requires a document input, found: ${typeOf(value)}`,
    );
  }
  return Object.keys(value).map((k) => ({ k, v: value[k] }));
}

const getField: Operator = (operand, compiler, name) => {
  const fields =
    isDoc(operand) && 'field' in operand
      ? namedFields(operand, name, ['field'], ['input'])
      : { field: operand };
  const field = compiler.compile(fields.field);
  const input = compiler.compile('input' in fields ? fields.input : '$$CURRENT');
  return (root) => {
    const key = field(root);
    if (typeof key !== 'string') {
      throw new ServerError(5654602, "$getField requires 'field' to evaluate to type String");
    }
    const value = input(root);
    if (value === null) return null;
    return isDoc(value) ? get(value, key) : undefined;
  };
};

const setField: Operator = (operand, compiler, name) => {
  const { field, input, value } = namedFields(operand, name, ['field', 'input', 'value']);
  return changedField(
    compiler.compile(field),
    compiler.compile(input),
    compiler.compile(value),
    name,
  );
};

const unsetField: Operator = (operand, compiler, name) => {
  const { field, input } = namedFields(operand, name, ['field', 'input']);
  return changedField(compiler.compile(field), compiler.compile(input), () => undefined, name);
};

function changedField(
  field: Expression,
  input: Expression,
  value: Expression,
  name: string,
): Expression {
  return (root) => {
    const key = field(root);
    if (typeof key !== 'string') {
      throw new ServerError(4161107, `${name} requires 'field' to evaluate to type String`);
    }
    const source = input(root);
    if (isNullish(source)) return null;
    if (!isDoc(source)) {
      throw new ServerError(4161105, `${name} requires 'input' to evaluate to type Object`);
    }
    const made: Doc = { ...source };
    const member = value(root);
    if (member === undefined) drop(made, key);
    else put(made, key, member);
    return made;
  };
}

function bsonSize(value: unknown, name: string): unknown {
  if (isNullish(value)) return null;
  if (isDoc(value)) return encode(value).length;
  throw new ServerError(31393, `${name} requires a document input, found: ${typeOf(value)}`);
}

const meta: Operator = (operand) => {
  if (operand === 'textScore') return (root) => textScore(root);
  throw unsupported(`$meta ${JSON.stringify(operand)}`);
};

/** Operators on documents. */
export const objectOperators: Readonly<Record<string, Operator>> = {
  $mergeObjects: variadic(mergeObjects),
  $objectToArray: unary(objectToArray),
  $bsonSize: unary(bsonSize),
  $getField: getField,
  $setField: setField,
  $unsetField: unsetField,
  $meta: meta,
};
