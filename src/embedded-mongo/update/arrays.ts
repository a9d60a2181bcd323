import type { Doc } from '../values/bson.ts';
import { badValue, failedToParse, typeMismatch } from '../errors.ts';
import { compileFilter, isOperatorDoc } from '../query/match.ts';
import { shown, type Test } from '../query/match-operators.ts';
import { clone } from '../values/paths.ts';
import { compileSort } from '../query/sort.ts';
import type { Modifier, UpdateEnv } from './update.ts';
import { compare, equal, isDoc, isNumber, typeOf } from '../values/values.ts';
import { toNumber } from '../values/arithmetic.ts';

const push: Modifier = (operand, _path, env) => {
  const clauses = isDoc(operand) && '$each' in operand ? operand : { $each: [operand] };
  for (const key of Object.keys(clauses)) {
    if (!['$each', '$slice', '$sort', '$position'].includes(key)) {
      throw badValue(`Unrecognized clause in $push: ${key}`);
    }
  }
  const { $each: each } = clauses;
  if (!Array.isArray(each)) {
    throw badValue(
      `The argument to $each in $push must be an array but it was of type: ${typeOf(each)}`,
    );
  }
  const position = wholeClause(clauses, '$position');
  const slice = wholeClause(clauses, '$slice');
  const order = '$sort' in clauses ? sortClause(clauses.$sort, env) : undefined;
  return {
    creates: true,
    apply(value, { root, path }) {
      const items = value === undefined ? [] : arrayAt(value, path, root);
      const at = position === undefined ? items.length : position;
      const place = at < 0 ? Math.max(0, items.length + at) : Math.min(at, items.length);
      const made = [...items.slice(0, place), ...clone(each), ...items.slice(place)];
      if (order) made.sort(order);
      if (slice === undefined) return made;
      return slice >= 0 ? made.slice(0, slice) : made.slice(slice);
    },
  };
};

function arrayAt(value: unknown, path: string, root: Doc): unknown[] {
  if (Array.isArray(value)) return value;
  throw badValue(
    `The field '${path}' must be an array but is of type ${typeOf(value)} in document {_id: ${shown(root._id)}}`,
  );
}

function wholeClause(clauses: Doc, name: string): number | undefined {
  if (!(name in clauses)) return undefined;
  const value = clauses[name];
  const number = isNumber(value) ? toNumber(value) : Number.NaN;
  if (!Number.isInteger(number)) {
    throw badValue(
      `The value for ${name} must be an integer value but was given type: ${typeOf(value)}`,
    );
  }
  return number;
}

function sortClause(sort: unknown, env: UpdateEnv): (a: unknown, b: unknown) => number {
  if (isNumber(sort)) {
    const direction = toNumber(sort);
    if (direction !== 1 && direction !== -1) {
      throw badValue('The $sort element value must be either 1 or -1');
    }
    return (a, b) => direction * compare(a, b, env.collation);
  }
  if (!isDoc(sort)) {
    throw badValue(
      'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
    );
  }
  if (Object.keys(sort).length === 0) {
    throw badValue('The $sort pattern is empty when it should be a set of fields.');
  }
  for (const direction of Object.values(sort)) {
    if (!isNumber(direction) || Math.abs(toNumber(direction)) !== 1) {
      throw badValue('The $sort element value must be either 1 or -1');
    }
  }
  const order = compileSort(sort, env.collation);
  return (a, b) => order(isDoc(a) ? a : {}, isDoc(b) ? b : {});
}

const addToSet: Modifier = (operand, _path, env) => {
  const hasEach = isDoc(operand) && Object.keys(operand)[0] === '$each';
  if (hasEach && Object.keys(operand).length > 1) {
    throw badValue(`Found unexpected fields after $each in $addToSet: ${shown(operand)}`);
  }
  const each: unknown = hasEach ? operand.$each : [operand];
  if (!Array.isArray(each)) {
    throw typeMismatch(
      `The argument to $each in $addToSet must be an array but it was of type ${typeOf(each)}`,
    );
  }
  return {
    creates: true,
    apply(value, { path }) {
      if (value !== undefined && !Array.isArray(value)) {
        throw badValue(
          `Cannot apply $addToSet to non-array field. Field named '${path.split('.').at(-1)}' has non-array type ${typeOf(value)}`,
        );
      }
      const made: unknown[] = value === undefined ? [] : [...value];
      for (const item of each) {
        if (!made.some((member) => equal(member, item, env.collation))) made.push(clone(item));
      }
      return made;
    },
  };
};

function removing(test: Test): ReturnType<Modifier> {
  return {
    creates: false,
    apply(value) {
      if (!Array.isArray(value)) throw badValue('Cannot apply $pull to a non-array value');
      return value.filter((item) => !test(item));
    },
  };
}

/** Logical operators, which in `$pull` speak of the members' fields. */
const logical = ['$and', '$or', '$nor', '$expr', '$jsonSchema'];

const pull: Modifier = (operand, _path, env) => {
  const first = isDoc(operand) ? (Object.keys(operand)[0] ?? '') : '$';
  const ofFields = isDoc(operand) && (!first.startsWith('$') || logical.includes(first));
  const ofValue = !ofFields && (isOperatorDoc(operand) || typeOf(operand) === 'regex');
  if (!ofFields && !ofValue) return removing((item) => equal(item, operand, env.collation));
  // As a field a member is searched like one: a member that is an array by its own members.
  const matcher = compileFilter(ofValue ? { '': operand } : (operand as Doc), {
    collation: env.collation,
    let: env.let,
  });
  return removing((item) =>
    ofValue ? matcher.test({ '': item }) : isDoc(item) && matcher.test(item),
  );
};

const pullAll: Modifier = (operand, _path, env) => {
  if (!Array.isArray(operand)) {
    throw badValue(`$pullAll requires an array argument but was given a ${typeOf(operand)}`);
  }
  return removing((item) => operand.some((unwanted) => equal(item, unwanted, env.collation)));
};

const pop: Modifier = (operand) => {
  const end = isNumber(operand) ? toNumber(operand) : Number.NaN;
  if (Number.isNaN(end)) throw failedToParse(`Expected a number in: ${shown(operand)}`);
  if (end !== 1 && end !== -1) throw failedToParse(`$pop expects 1 or -1, found: ${end}`);
  return {
    creates: false,
    apply(value, { path }) {
      if (!Array.isArray(value)) {
        throw typeMismatch(
          `Path '${path}' contains an element of non-array type '${typeOf(value)}'`,
        );
      }
      return end === 1 ? value.slice(0, -1) : value.slice(1);
    },
  };
};

/** The modifiers of arrays. */
export const arrayModifiers: Readonly<Record<string, Modifier>> = {
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};
