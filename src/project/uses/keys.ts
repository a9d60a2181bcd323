import type ts from 'typescript';
import type { Compiler } from './service.ts';

/**
 * Where a file names a property as a key in a type, `Pick<Product, 'price'>`: what the compiler calls a mere text, and refuses
 * as soon as the property has another name.
 *
 * @param home the file that declares the property, as the compiler names it, and the offset of the name there
 */
export function keysIn(
  { ts: compiler, service, nameOf }: Compiler,
  path: string,
  home: string,
  at: number,
): readonly ts.RenameLocation[] {
  const fileName = nameOf(path);
  const program = service.getProgram();
  const source = program?.getSourceFile(fileName);
  const checker = program?.getTypeChecker();
  if (source === undefined || checker === undefined) return [];
  const means = (of: ts.TypeNode, key: string) =>
    checker
      .getPropertyOfType(checker.getTypeFromTypeNode(of), key)
      ?.declarations?.some(
        (node) =>
          node.getSourceFile().fileName === home && node.getStart() <= at && at < node.getEnd(),
      ) === true;
  const found: ts.RenameLocation[] = [];
  const visit = (node: ts.Node): void => {
    const [of, ...keys] = compiler.isTypeReferenceNode(node) ? (node.typeArguments ?? []) : [];
    for (const key of keys.flatMap((one) => (compiler.isUnionTypeNode(one) ? one.types : [one]))) {
      if (of === undefined || !compiler.isLiteralTypeNode(key)) continue;
      if (!compiler.isStringLiteral(key.literal) || !means(of, key.literal.text)) continue;
      const start = key.literal.getStart(source) + 1;
      found.push({ fileName, textSpan: { start, length: key.literal.text.length } });
    }
    compiler.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
