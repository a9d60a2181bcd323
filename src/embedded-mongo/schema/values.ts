import type { Doc } from '../values/bson.ts';
import { failedToParse, typeMismatch } from '../errors.ts';
import { compileRegex } from '../query/match-regex.ts';
import {
  compileCheck,
  countOperand,
  failure,
  type Check,
  type Keyword,
  type Rule,
} from './schema.ts';
import { compare, isDoc, isNumber, keyOf, typeOf } from '../values/values.ts';
import { isZero, modulo } from '../values/arithmetic.ts';

function limit(keyword: 'minimum' | 'maximum'): Keyword {
  return (operand, schema) => {
    if (!isNumber(operand)) throw typeMismatch(`$jsonSchema keyword '${keyword}' must be a number`);
    const exclusive = keyword === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum';
    const strict = schema[exclusive] === true;
    const sign = keyword === 'minimum' ? 1 : -1;
    const specified: Doc = exclusive in schema ? { [exclusive]: schema[exclusive] } : {};
    return (value) => {
      if (!isNumber(value)) return undefined;
      const order = compare(value, operand) * sign;
      if (order > 0 || (order === 0 && !strict)) return undefined;
      return {
        operatorName: keyword,
        specifiedAs: { [keyword]: operand, ...specified },
        reason: 'comparison failed',
        consideredValue: value,
      };
    };
  };
}

function textLength(keyword: 'minLength' | 'maxLength'): Keyword {
  return (operand) => {
    const bound = countOperand(keyword, operand);
    return (value) => {
      if (typeof value !== 'string') return undefined;
      const points = Array.from(value).length;
      return (keyword === 'minLength' ? points >= bound : points <= bound)
        ? undefined
        : failure(keyword, operand, 'specified string length was not satisfied', value);
    };
  };
}

function pattern(operand: unknown): Rule {
  if (typeof operand !== 'string')
    throw typeMismatch("$jsonSchema keyword 'pattern' must be a string");
  const regex = compileRegex(operand, '');
  return (value) =>
    typeof value !== 'string' || regex.test(value)
      ? undefined
      : failure('pattern', operand, 'regular expression did not match', value);
}

function multipleOf(operand: unknown): Rule {
  if (!isNumber(operand)) {
    throw typeMismatch(
      `$jsonSchema keyword 'multipleOf' must be a number, but found ${typeOf(operand)}`,
    );
  }
  if (compare(operand, 0) <= 0) {
    throw failedToParse("$jsonSchema keyword 'multipleOf' must have a positive value");
  }
  return (value) =>
    !isNumber(value) || isZero(modulo(value, operand))
      ? undefined
      : failure(
          'multipleOf',
          operand,
          'considered value is not a multiple of the specified value',
          value,
        );
}

/** Keywords of numbers and strings. */
export const scalarRules: Readonly<Record<string, Keyword>> = {
  minimum: limit('minimum'),
  maximum: limit('maximum'),
  minLength: textLength('minLength'),
  maxLength: textLength('maxLength'),
  pattern,
  multipleOf,
};

function arrayLength(keyword: 'minItems' | 'maxItems'): Keyword {
  return (operand) => {
    const bound = countOperand(keyword, operand);
    return (value) => {
      if (!Array.isArray(value)) return undefined;
      return (keyword === 'minItems' ? value.length >= bound : value.length <= bound)
        ? undefined
        : failure(keyword, operand, 'array did not match specified length', value);
    };
  };
}

/** A copy whose documents have their fields in one order: two items are the same whatever the order of theirs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isDoc(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

function uniqueItems(operand: unknown): Rule | undefined {
  if (typeof operand !== 'boolean') {
    throw typeMismatch(
      `$jsonSchema keyword 'uniqueItems' must be a boolean, but found ${typeOf(operand)}`,
    );
  }
  if (!operand) return undefined;
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    const seen = new Set<string>();
    for (const item of value) {
      const key = keyOf(sorted(item));
      if (seen.has(key)) {
        return failure('uniqueItems', true, 'found a duplicate item', value, {
          duplicatedValue: item as unknown,
        });
      }
      seen.add(key);
    }
    return undefined;
  };
}

function itemFailure(check: Check, item: unknown, itemIndex: number): Doc | undefined {
  const details = check(item);
  if (details.length === 0) return undefined;
  return {
    operatorName: 'items',
    reason: 'At least one item did not match the sub-schema',
    itemIndex,
    details,
  };
}

function items(operand: unknown, schema: Doc): Rule {
  if (!Array.isArray(operand)) {
    const check = compileCheck(operand);
    return (value) => {
      if (!Array.isArray(value)) return undefined;
      for (let at = 0; at < value.length; at++) {
        const found = itemFailure(check, value[at], at);
        if (found) return found;
      }
      return undefined;
    };
  }
  const checks = operand.map(compileCheck);
  const rest = additional(schema.additionalItems, checks.length);
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    for (const [at, check] of checks.entries()) {
      const found = at < value.length ? itemFailure(check, value[at], at) : undefined;
      if (found) return found;
    }
    return rest(value);
  };
}

function additional(operand: unknown, first: number): (list: unknown[]) => Doc | undefined {
  if (operand === undefined || operand === true) return () => undefined;
  if (operand === false) {
    return (list) =>
      list.length <= first
        ? undefined
        : {
            operatorName: 'additionalItems',
            specifiedAs: { additionalItems: false },
            reason: 'found additional items',
            additionalItems: list.slice(first),
          };
  }
  if (!isDoc(operand))
    throw typeMismatch(
      "$jsonSchema keyword 'additionalItems' must be either an object or a boolean",
    );
  const check = compileCheck(operand);
  return (list) => {
    for (let at = first; at < list.length; at++) {
      const found = itemFailure(check, list[at], at);
      if (found) return { ...found, operatorName: 'additionalItems' };
    }
    return undefined;
  };
}

/** Keywords of arrays. */
export const arrayRules: Readonly<Record<string, Keyword>> = {
  minItems: arrayLength('minItems'),
  maxItems: arrayLength('maxItems'),
  uniqueItems,
  items,
  // Checked for its form alone: it says something only beside a list of `items`.
  additionalItems: (operand) => {
    additional(operand, 0);
    return undefined;
  },
};
