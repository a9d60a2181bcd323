import { Long, Timestamp } from 'mongodb';

import type { Doc } from '../values/bson.ts';
import { badValue, typeMismatch } from '../errors.ts';
import { shown } from '../query/match-operators.ts';
import { clone } from '../values/paths.ts';
import type { Modification, Modifier } from './update.ts';
import { applyAt, parseUpdatePath, valueAt, type ArrayFilters } from './paths.ts';
import { compare, isDoc, isNumber, typeOf } from '../values/values.ts';
import { add, integer, multiply } from '../values/arithmetic.ts';

const set: Modifier = (operand) => ({ creates: true, apply: () => clone(operand) });

const setOnInsert: Modifier = (operand) => ({
  creates: true,
  onInsert: true,
  apply: () => clone(operand),
});

const removal: Modification = { creates: false, passes: true, apply: () => undefined };

const unset: Modifier = () => removal;

function identified(root: Doc): string {
  return `{_id: ${shown(root._id)}}`;
}

function arithmetic(
  name: string,
  verb: string,
  combine: (a: unknown, b: unknown) => unknown,
  start: (operand: unknown) => unknown,
): Modifier {
  return (operand, path) => {
    if (!isNumber(operand)) {
      throw typeMismatch(`Cannot ${verb} with non-numeric argument: {${path}: ${shown(operand)}}`);
    }
    return {
      creates: true,
      apply(value, { root, path: concrete }) {
        if (value === undefined) return start(operand);
        if (!isNumber(value)) {
          throw typeMismatch(
            `Cannot apply ${name} to a value of non-numeric type. ${identified(root)} has the field '${concrete.split('.').at(-1)}' of non-numeric type ${typeOf(value)}`,
          );
        }
        const result = combine(value, operand);
        if (result === undefined) {
          throw badValue(
            `Failed to apply ${name} operations to current value ((NumberLong)${String(value)}) for document ${identified(root)}`,
          );
        }
        return result;
      },
    };
  };
}

function bound(direction: 1 | -1): Modifier {
  return (operand, _path, env) => ({
    creates: true,
    apply: (value) =>
      value === undefined || compare(operand, value, env.collation) * direction > 0
        ? clone(operand)
        : value,
  });
}

const currentDate: Modifier = (operand) => {
  const type =
    typeof operand === 'boolean' ? 'date' : isDoc(operand) ? dateType(operand) : undefined;
  if (type === undefined) {
    throw badValue(
      `${typeOf(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  }
  return { creates: true, apply: () => (type === 'date' ? new Date() : timestamp(new Date())) };
};

function dateType(operand: Doc): 'date' | 'timestamp' {
  for (const key of Object.keys(operand)) {
    if (key !== '$type') throw badValue(`Unrecognized $currentDate option: ${key}`);
  }
  const { $type: type } = operand;
  if (type !== 'date' && type !== 'timestamp') {
    throw badValue(
      "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
    );
  }
  return type;
}

let lastSecond = 0;
let increment = 0;

/** A new timestamp: those of one second are told apart by their increment. */
export function timestamp(date: Date): Timestamp {
  const second = Math.floor(date.getTime() / 1000);
  increment = second === lastSecond ? increment + 1 : 1;
  lastSecond = second;
  return new Timestamp({ t: second, i: increment });
}

const bitOperations: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const bit: Modifier = (operand, path) => {
  if (!isDoc(operand)) {
    throw badValue(
      `The $bit modifier is not compatible with a ${typeOf(operand)}. You must pass in an embedded document: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  const operations = Object.entries(operand).map(([name, value]) => {
    const operation = bitOperations[name];
    if (!operation) {
      throw badValue(
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${shown(value)}}`,
      );
    }
    if (!isInteger(value)) {
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeOf(value)}' is not supported here: {${name}: ${shown(value)}}`,
      );
    }
    return { operation, value };
  });
  if (operations.length === 0) {
    throw badValue(
      `You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}`,
    );
  }
  return {
    creates: true,
    apply(value, { root }) {
      const start = value === undefined ? 0 : value;
      if (!isInteger(start)) {
        throw badValue(
          `Cannot apply $bit to a value of non-integral type.${identified(root)} has the field ${path} of non-integer type ${typeOf(start)}`,
        );
      }
      return operations.reduce(bitStep, start);
    },
  };
};

function isInteger(value: unknown): value is number | Long {
  const type = typeOf(value);
  return type === 'int' || type === 'long';
}

function bitStep(
  value: number | Long,
  step: { operation: (a: bigint, b: bigint) => bigint; value: number | Long },
): number | Long {
  const long = value instanceof Long || step.value instanceof Long;
  const result = step.operation(BigInt(String(value)), BigInt(String(step.value)));
  return integer(result, long ? 'long' : 'int') ?? value;
}

/** The modifiers of single values. */
export const fieldModifiers: Readonly<Record<string, Modifier>> = {
  $set: set,
  $setOnInsert: setOnInsert,
  $unset: unset,
  $inc: arithmetic(
    '$inc',
    'increment',
    (a, b) => add(a, b, true),
    (operand) => operand,
  ),
  $mul: arithmetic(
    '$mul',
    'multiply',
    (a, b) => multiply(a, b, true),
    (operand) => multiply(operand, 0),
  ),
  $min: bound(-1),
  $max: bound(1),
  $currentDate: currentDate,
  $bit: bit,
};

/** Compiles one `$rename`: a step that takes the old field away and one that puts the new one. */
export function renamed(
  from: string,
  parts: string[],
  to: unknown,
  filters: ArrayFilters,
): { parts: string[]; modification: Modification }[] {
  if (typeof to !== 'string') {
    throw badValue(`The 'to' field for $rename must be a string: ${from}: ${shown(to)}`);
  }
  const target = parseUpdatePath(to, filters);
  if (from === to) {
    throw badValue(`The source and target field for $rename must differ: ${from}: "${to}"`);
  }
  if (to.startsWith(`${from}.`) || from.startsWith(`${to}.`)) {
    throw badValue(
      `The source and target field for $rename must not be on the same path: ${from}: "${to}"`,
    );
  }
  for (const [which, list] of [
    ['source', parts],
    ['destination', target],
  ] as const) {
    if (list.some((part) => part.startsWith('$'))) {
      throw badValue(`The ${which} field for $rename may not be dynamic: ${list.join('.')}`);
    }
  }
  return [
    { parts, modification: removal },
    { parts: target, modification: moved(parts, target) },
  ];
}

function moved(from: string[], to: string[]): Modification {
  return {
    creates: false,
    apply: (value) => value,
    move(made, root) {
      refuseArrays(root, from, 'source');
      const value = valueAt(root, from);
      if (value === undefined) return;
      refuseArrays(root, to, 'destination');
      applyAt(made, to, { creates: true, apply: () => clone(value) }, root);
    },
  };
}

function refuseArrays(root: Doc, parts: string[], which: string): void {
  for (let length = 1; length < parts.length; length++) {
    if (Array.isArray(valueAt(root, parts.slice(0, length)))) {
      throw badValue(
        `The ${which} field cannot be an array element, '${parts.join('.')}' in doc with ${identified(root).slice(1, -1)} has an array field called '${parts[length - 1]}'`,
      );
    }
  }
}
