import type ts from 'typescript';

/** Finds where a name is declared in a file: the offset of the name; undefined when the file does not declare it so. */
export type Locate = (compiler: typeof ts, source: ts.SourceFile) => number | undefined;

/** A field of a model: its name in the object that `model()` is given; the path is an object a step. */
export function fieldNamed(field: readonly string[]): Locate {
  const steps = field.flatMap((name) => ['fields', name]);
  return (compiler, source) => {
    let found: number | undefined;
    const visit = (node: ts.Node): void => {
      if (found !== undefined) return;
      if (compiler.isCallExpression(node) && node.expression.getText(source) === 'model') {
        const [definition] = node.arguments;
        if (definition !== undefined) found = memberAt(compiler, definition, steps, source);
      }
      compiler.forEachChild(node, visit);
    };
    visit(source);
    return found;
  };
}

/** A constant, function or type that a file declares at its top. */
export function exportNamed(name: string): Locate {
  return (compiler, source) => {
    for (const statement of source.statements) {
      const names = compiler.isVariableStatement(statement)
        ? statement.declarationList.declarations.map((declaration) => declaration.name)
        : compiler.isTypeAliasDeclaration(statement) || compiler.isFunctionDeclaration(statement)
          ? [statement.name]
          : [];
      const found = names.find((one) => one?.getText(source) === name);
      if (found !== undefined) return found.getStart(source);
    }
    return undefined;
  };
}

function memberAt(
  compiler: typeof ts,
  node: ts.Expression,
  [step, ...rest]: readonly string[],
  source: ts.SourceFile,
): number | undefined {
  const object = valueOf(compiler, node, source);
  if (step === undefined || object === undefined) return undefined;
  if (!compiler.isObjectLiteralExpression(object)) return undefined;
  for (const member of object.properties) {
    const short = compiler.isShorthandPropertyAssignment(member);
    if (!short && !compiler.isPropertyAssignment(member)) continue;
    if (nameOf(compiler, member.name) !== step) continue;
    if (rest.length === 0) return short ? undefined : member.name.getStart(source);
    return memberAt(compiler, short ? member.name : member.initializer, rest, source);
  }
  return undefined;
}

/** What an expression stands for: a constant of the file for its name, and all of it without what it says about types. */
function valueOf(
  compiler: typeof ts,
  node: ts.Expression,
  source: ts.SourceFile,
): ts.Expression | undefined {
  if (
    compiler.isAsExpression(node) ||
    compiler.isSatisfiesExpression(node) ||
    compiler.isParenthesizedExpression(node)
  )
    return valueOf(compiler, node.expression, source);
  if (!compiler.isIdentifier(node)) return node;
  const declared = source.statements
    .flatMap((statement) =>
      compiler.isVariableStatement(statement) ? statement.declarationList.declarations : [],
    )
    .find(({ name }) => compiler.isIdentifier(name) && name.text === node.text);
  const value = declared?.initializer;
  // A constant that names itself would be looked up for ever; the compiler says so elsewhere.
  return value === undefined || compiler.isIdentifier(value)
    ? undefined
    : valueOf(compiler, value, source);
}

function nameOf(compiler: typeof ts, name: ts.PropertyName): string | undefined {
  return compiler.isIdentifier(name) || compiler.isStringLiteralLike(name) ? name.text : undefined;
}
