import type { Doc } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import type { Compiler, Expression, Operator } from './expressions.ts';
import { isDoc } from '../values/values.ts';
import { isZero } from '../values/arithmetic.ts';
import { isNumber } from '../values/values.ts';

/** Compiles operands given as a list, or as one value that stands for a list of one. */
export function operands(
  operand: unknown,
  compiler: Compiler,
  name: string,
  least: number,
  most = least,
): Expression[] {
  const list: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length < least || list.length > most) {
    throw least === most
      ? new ServerError(
          16020,
          `Expression ${name} takes exactly ${least} arguments. ${list.length} were passed in.`,
        )
      : new ServerError(
          28667,
          `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${list.length} were passed in.`,
        );
  }
  return list.map((item) => compiler.compile(item));
}

/** An operator of one operand. */
export function unary(apply: (value: unknown, name: string) => unknown): Operator {
  return (operand, compiler, name) => {
    const [only] = operands(operand, compiler, name, 1);
    return (root) => apply(only?.(root), name);
  };
}

/** An operator of two operands. */
export function binary(apply: (a: unknown, b: unknown, name: string) => unknown): Operator {
  return (operand, compiler, name) => {
    const [left, right] = operands(operand, compiler, name, 2);
    return (root) => apply(left?.(root), right?.(root), name);
  };
}

/** An operator of a list of operands. */
export function variadic(
  apply: (values: unknown[], name: string) => unknown,
  least = 0,
  most = Infinity,
): Operator {
  return (operand, compiler, name) => {
    const list = operands(operand, compiler, name, least, most);
    return (root) =>
      apply(
        list.map((item) => item(root)),
        name,
      );
  };
}

/** Compiles the members of an operand such as `{input, as, in}`, refusing those it has not and those it lacks. */
export function named(
  operand: unknown,
  compiler: Compiler,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Record<string, Expression | undefined> {
  const fields = namedFields(operand, name, required, optional);
  return Object.fromEntries(
    Object.entries(fields).map(([key, member]) => [key, compiler.compile(member)]),
  );
}

/** The same check without compiling. */
export function namedFields(
  operand: unknown,
  name: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Doc {
  if (!isDoc(operand)) {
    throw new ServerError(9, `${name} only supports an object as its argument`);
  }
  for (const key of Object.keys(operand)) {
    if (!required.includes(key) && !optional.includes(key)) {
      throw new ServerError(9, `${name} found an unknown argument: ${key}`);
    }
  }
  for (const key of required) {
    if (!(key in operand)) throw new ServerError(9, `Missing '${key}' parameter to ${name}`);
  }
  return operand;
}

/** Missing or null. */
export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Aggregation's idea of truth: not false, null, missing or zero. */
export function isTrue(value: unknown): boolean {
  if (value === true) return true;
  if (value === false || value === null || value === undefined) return false;
  return !(isNumber(value) && isZero(value));
}
