import type ts from 'typescript';

/**
 * Where a model declares a field: the offset of its name in the object that `model()` is given.
 *
 * @param source the syntax tree of the file of the model
 * @param field the path of the field, an object a step
 * @returns undefined when the file does not declare it so
 */
export function declarationOf(
  compiler: typeof ts,
  source: ts.SourceFile,
  field: readonly string[],
): number | undefined {
  const steps = field.flatMap((name) => ['fields', name]);
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
