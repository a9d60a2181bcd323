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
  if (step === undefined || !compiler.isObjectLiteralExpression(node)) return undefined;
  for (const member of node.properties) {
    if (!compiler.isPropertyAssignment(member) || nameOf(compiler, member.name) !== step) continue;
    return rest.length === 0
      ? member.name.getStart(source)
      : memberAt(compiler, member.initializer, rest, source);
  }
  return undefined;
}

function nameOf(compiler: typeof ts, name: ts.PropertyName): string | undefined {
  return compiler.isIdentifier(name) || compiler.isStringLiteralLike(name) ? name.text : undefined;
}
