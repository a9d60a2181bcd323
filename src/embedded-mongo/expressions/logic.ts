import { ServerError, unsupported } from '../errors.ts';
import { checkVariableName, type Expression, type Operator, type Variable } from './expressions.ts';
import { isNullish, isTrue, named, namedFields, operands, unary } from './operands.ts';
import { compare, isDoc } from '../values/values.ts';

function comparison(decide: (order: number) => unknown): Operator {
  return (operand, compiler, name) => {
    const [left, right] = operands(operand, compiler, name, 2);
    const { collation } = compiler;
    return (root) => decide(compare(left?.(root), right?.(root), collation));
  };
}

const and: Operator = (operand, compiler, name) => {
  const list = operands(operand, compiler, name, 0, Infinity);
  return (root) => list.every((item) => isTrue(item(root)));
};

const or: Operator = (operand, compiler, name) => {
  const list = operands(operand, compiler, name, 0, Infinity);
  return (root) => list.some((item) => isTrue(item(root)));
};

const cond: Operator = (operand, compiler, name) => {
  const [condition, yes, no] = Array.isArray(operand)
    ? operands(operand, compiler, name, 3)
    : (({ if: test, then, else: other }) => [test, then, other])(
        named(operand, compiler, name, ['if', 'then', 'else']),
      );
  return (root) => (isTrue(condition?.(root)) ? yes?.(root) : no?.(root));
};

const ifNull: Operator = (operand, compiler, name) => {
  if (!Array.isArray(operand) || operand.length < 2) {
    throw new ServerError(1257300, '$ifNull needs at least two arguments');
  }
  const list = operands(operand, compiler, name, 2, Infinity);
  return (root) => {
    let value: unknown;
    for (const item of list) {
      value = item(root);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

const choose: Operator = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ['branches'], ['default']);
  if (!Array.isArray(fields.branches)) {
    throw new ServerError(40061, "$switch expected an array for 'branches'");
  }
  if (fields.branches.length === 0) {
    throw new ServerError(40068, '$switch requires at least one branch.');
  }
  const branches = fields.branches.map((branch: unknown): [Expression, Expression] => {
    const { case: test, then } = named(branch, compiler, '$switch', ['case', 'then']);
    if (!test || !then)
      throw new ServerError(40067, '$switch requires each branch have case and then');
    return [test, then];
  });
  const fallback = 'default' in fields ? compiler.compile(fields.default) : undefined;
  return (root) => {
    for (const [test, then] of branches) if (isTrue(test(root))) return then(root);
    if (fallback) return fallback(root);
    throw new ServerError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
};

const bind: Operator = (operand, compiler, name) => {
  const fields = namedFields(operand, name, ['vars', 'in']);
  if (!isDoc(fields.vars)) throw new ServerError(16874, '$let needs vars to be an object');
  const bindings = Object.entries(fields.vars).map(([key, expression]) => {
    checkVariableName(key);
    const variable: Variable = { value: undefined };
    return { key, variable, expression: compiler.compile(expression) };
  });
  const inner = compiler.with(
    Object.fromEntries(bindings.map(({ key, variable }) => [key, variable])),
  );
  const body = inner.compile(fields.in);
  return (root) => {
    for (const { variable, expression } of bindings) variable.value = expression(root);
    return body(root);
  };
};

const literal: Operator = (operand) => () => operand;

const refused: Operator = (_operand, _compiler, name) => {
  throw unsupported(name);
};

/** Comparison, boolean, conditional and variable operators. */
export const logicOperators: Readonly<Record<string, Operator>> = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: comparison((order) => order),
  $and: and,
  $or: or,
  $not: unary((value) => !isTrue(value)),
  $cond: cond,
  $ifNull: ifNull,
  $switch: choose,
  $let: bind,
  $literal: literal,
  $const: literal,
  $rand: () => () => Math.random(),
  $function: refused,
  $accumulator: refused,
  $sampleRate: refused,
  $toHashedIndexKey: refused,
};
