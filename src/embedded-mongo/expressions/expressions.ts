import { get, put, type Doc } from '../values/bson.ts';
import type { Collation } from '../values/collation.ts';
import { ServerError } from '../errors.ts';
import { arithmeticOperators } from './arithmetic.ts';
import { arrayOperators } from './arrays.ts';
import { dateOperators } from './dates.ts';
import { foldOperators } from './folds.ts';
import { logicOperators } from './logic.ts';
import { objectOperators } from './objects.ts';
import { stringOperators } from './strings.ts';
import { typeOperators } from './types.ts';
import { isDoc } from '../values/values.ts';

/** A compiled aggregation expression; undefined is "missing". */
export type Expression = (root: Doc) => unknown;

/** A variable: whoever binds it sets the value before the expression that reads it runs. */
export interface Variable {
  value: unknown;
}

/** The variables that an expression may read as `$$name`. */
export type Scope = ReadonlyMap<string, Variable>;

/** What the builder of an operator is given to compile its operands. */
export interface Compiler {
  readonly scope: Scope;
  readonly collation: Collation | undefined;
  compile(expression: unknown): Expression;
  /** The same compiler with further variables. */
  with(variables: Readonly<Record<string, Variable>>): Compiler;
}

/** Compiles the operand of one operator. */
export type Operator = (operand: unknown, compiler: Compiler, name: string) => Expression;

/** Marks that `$redact` reads. */
export const redactMarks = { DESCEND: 'descend', PRUNE: 'prune', KEEP: 'keep' } as const;

let operators: ReadonlyMap<string, Operator> | undefined;

/** The table of operators, joined when it is first asked for: its parts import this module. */
function operatorNamed(name: string): Operator | undefined {
  operators ??= new Map(
    Object.entries({
      ...arithmeticOperators,
      ...arrayOperators,
      ...dateOperators,
      ...foldOperators,
      ...logicOperators,
      ...objectOperators,
      ...stringOperators,
      ...typeOperators,
    }),
  );
  return operators.get(name);
}

/** Starts a scope: `$$NOW` and the variables of a command's `let`, which are evaluated here, in order. */
export function scopeOf(env: { let?: Doc | undefined; now?: Date | undefined }): Scope {
  const scope = new Map<string, Variable>([
    ['NOW', { value: env.now ?? new Date() }],
    ['USER_ROLES', { value: [] }],
  ]);
  for (const [name, expression] of Object.entries(env.let ?? {})) {
    checkVariableName(name);
    scope.set(name, { value: compileExpression(expression, new Map(scope))({}) });
  }
  return scope;
}

/** Refuses names of user variables that MongoDB refuses. */
export function checkVariableName(name: string): void {
  if (!/^[a-z\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$/.test(name) && name !== 'CURRENT') {
    throw new ServerError(
      16867,
      `'${name}' starts with an invalid character for a user variable name`,
    );
  }
}

/**
 * Compiles an aggregation expression.
 * @throws ServerError InvalidPipelineOperator (168) for an unknown operator, the codes of MongoDB for malformed operands
 */
export function compileExpression(
  expression: unknown,
  scope: Scope,
  collation?: Collation,
): Expression {
  return expressionCompiler(scope, collation).compile(expression);
}

/** Whether a name is one of an expression operator. */
export function isExpressionOperator(name: string): boolean {
  return operatorNamed(name) !== undefined;
}

/** The compiler that builders of operators are given. */
export function expressionCompiler(scope: Scope, collation: Collation | undefined): Compiler {
  const compiler: Compiler = {
    scope,
    collation,
    compile: (expression) => compileWith(expression, compiler),
    with: (variables) =>
      expressionCompiler(new Map([...scope, ...Object.entries(variables)]), collation),
  };
  return compiler;
}

function compileWith(expression: unknown, compiler: Compiler): Expression {
  if (typeof expression === 'string' && expression.startsWith('$')) {
    return expression.startsWith('$$')
      ? variable(expression.slice(2), compiler.scope)
      : fieldPath(expression.slice(1), compiler.scope);
  }
  if (Array.isArray(expression)) {
    const items = expression.map((item) => compiler.compile(item));
    return (root) => items.map((item) => item(root) ?? null);
  }
  if (!isDoc(expression)) return () => expression;
  const keys = Object.keys(expression);
  const [first] = keys;
  if (first?.startsWith('$')) {
    if (keys.length > 1) {
      throw new ServerError(
        15983,
        `An object representing an expression must have exactly one field: { ${keys.join(', ')} }`,
      );
    }
    return operator(first, expression[first], compiler);
  }
  return objectLiteral(expression, compiler);
}

function operator(name: string, operand: unknown, compiler: Compiler): Expression {
  const build = operatorNamed(name);
  if (!build) throw new ServerError(168, `Unrecognized expression '${name}'`);
  return build(operand, compiler, name);
}

function objectLiteral(expression: Doc, compiler: Compiler): Expression {
  const fields = Object.entries(expression).map(([key, member]): [string, Expression] => {
    checkFieldName(key);
    return [key, compiler.compile(member)];
  });
  return (root) => {
    const made: Doc = {};
    for (const [key, member] of fields) {
      const value = member(root);
      if (value !== undefined) put(made, key, value);
    }
    return made;
  };
}

function checkFieldName(name: string): void {
  if (name.includes('.')) {
    throw new ServerError(
      16412,
      "FieldPath field names may not contain '.'. Consider using $getField or $setField.",
    );
  }
  if (name.startsWith('$')) {
    throw new ServerError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  }
}

/** Checks a field path such as `a.b` (without its `$`) and splits it. */
export function parseFieldPath(path: string): string[] {
  const parts = path.split('.');
  if (path === '')
    throw new ServerError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw new ServerError(40353, "FieldPath must not end with a '.'.");
  for (const part of parts) {
    if (part === '')
      throw new ServerError(15998, 'FieldPath field names may not be empty strings.');
    checkFieldName(part);
  }
  return parts;
}

function fieldPath(path: string, scope: Scope): Expression {
  if (path === '') throw new ServerError(16872, "'$' by itself is not a valid FieldPath");
  const parts = parseFieldPath(path);
  const current = scope.get('CURRENT');
  const [first] = parts;
  if (current) return () => readPath(current.value, parts, 0);
  if (parts.length === 1 && first !== undefined) return (root) => get(root, first);
  return (root) => readPath(root, parts, 0);
}

/** Reads a path the way aggregation does: through arrays to an array of what their documents hold. */
function readPath(value: unknown, parts: readonly string[], at: number): unknown {
  if (at === parts.length) return value;
  if (isDoc(value)) return readPath(get(value, parts[at] ?? ''), parts, at + 1);
  if (!Array.isArray(value) || at === 0) return undefined;
  const found: unknown[] = [];
  for (const item of value) {
    const member = isDoc(item) ? readPath(item, parts, at) : undefined;
    if (member !== undefined) found.push(member);
  }
  return found;
}

function variable(text: string, scope: Scope): Expression {
  const [name = '', ...parts] = text.split('.');
  const bound = scope.get(name);
  if (name === '') throw new ServerError(16869, 'empty variable names are not allowed');
  if (parts.length > 0) parseFieldPath(parts.join('.'));
  if (bound) {
    return parts.length === 0 ? () => bound.value : () => readVariable(bound.value, parts);
  }
  switch (name) {
    case 'ROOT':
    case 'CURRENT':
      return parts.length === 0 ? (root) => root : (root) => readPath(root, parts, 0);
    case 'REMOVE':
      return () => undefined;
    case 'DESCEND':
    case 'PRUNE':
    case 'KEEP': {
      const mark = redactMarks[name];
      return () => mark;
    }
    default:
      throw new ServerError(17276, `Use of undefined variable: ${name}`);
  }
}

/** A variable may itself hold an array, whose documents are then read. */
function readVariable(value: unknown, parts: readonly string[]): unknown {
  if (!Array.isArray(value)) return readPath(value, parts, 0);
  const found: unknown[] = [];
  for (const item of value) {
    const member = isDoc(item) ? readPath(item, parts, 0) : undefined;
    if (member !== undefined) found.push(member);
  }
  return found;
}
