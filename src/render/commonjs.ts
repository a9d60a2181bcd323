import type ts from 'typescript';

type Compiler = typeof ts;

/** A part of a text, and what stands there instead. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * An ES module as people write a CommonJS one: `require` at the top, `module.exports` at the end. The compiler's own output
 * is not taken: it calls what is imported by names that nobody would choose, and owners are to read and edit this.
 *
 * @throws {TypeError} for a form of import or export that our templates do not use
 */
export function asCommonJs(text: string, compiler: Compiler): string {
  const source = compiler.createSourceFile('source.mjs', text, compiler.ScriptTarget.Latest);
  const edits: Edit[] = [];
  const exported: string[] = [];
  const bound = new Set<string>();
  for (const statement of source.statements) {
    const [from, to] = [statement.getStart(source), statement.getEnd()];
    if (compiler.isImportDeclaration(statement)) {
      for (const name of boundBy(statement, compiler)) bound.add(name);
      edits.push({ from, to, text: requiring(statement, source, compiler) });
    } else if (compiler.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier } = statement;
      if (exportClause === undefined || !compiler.isNamedExports(exportClause))
        throw unknown(statement, source);
      const path = moduleSpecifier?.getText(source);
      for (const { name, propertyName = name } of exportClause.elements) {
        const own = path === undefined || bound.has(propertyName.text);
        const value = own ? propertyName.text : `require(${path}).${propertyName.text}`;
        exported.push(value === name.text ? value : `${name.text}: ${value}`);
      }
      edits.push({ from, to, text: '' });
    } else if (compiler.isExportAssignment(statement)) {
      throw unknown(statement, source);
    } else {
      const word = exportWord(statement, compiler);
      if (word === undefined) continue;
      exported.push(...namesOf(statement, source, compiler));
      // The word and the blank behind it.
      edits.push({ from: word.getStart(source), to: word.getEnd() + 1, text: '' });
    }
  }
  const body = edits.reduceRight(
    (result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to),
    text,
  );
  const end = exported.length === 0 ? '' : `\n\nmodule.exports = { ${exported.join(', ')} };\n`;
  return `'use strict';\n\n${body.trimEnd()}${end}`;
}

function requiring(
  statement: ts.ImportDeclaration,
  source: ts.SourceFile,
  compiler: Compiler,
): string {
  const path = statement.moduleSpecifier.getText(source);
  const { importClause } = statement;
  if (importClause === undefined) return `require(${path});`;
  const { name, namedBindings } = importClause;
  // A default export of an ES module would be the member `default`: no template imports one.
  if (name !== undefined || namedBindings === undefined) throw unknown(statement, source);
  if (compiler.isNamespaceImport(namedBindings))
    return `const ${namedBindings.name.text} = require(${path});`;
  const names = namedBindings.elements.map(({ propertyName, name: own }) =>
    propertyName === undefined ? own.text : `${propertyName.text}: ${own.text}`,
  );
  return `const { ${names.join(', ')} } = require(${path});`;
}

function boundBy({ importClause }: ts.ImportDeclaration, compiler: Compiler): readonly string[] {
  const bindings = importClause?.namedBindings;
  return bindings !== undefined && compiler.isNamedImports(bindings)
    ? bindings.elements.map(({ name }) => name.text)
    : [];
}

function exportWord(statement: ts.Statement, compiler: Compiler): ts.Modifier | undefined {
  if (!compiler.canHaveModifiers(statement)) return undefined;
  return compiler
    .getModifiers(statement)
    ?.find(({ kind }) => kind === compiler.SyntaxKind.ExportKeyword);
}

function namesOf(
  statement: ts.Statement,
  source: ts.SourceFile,
  compiler: Compiler,
): readonly string[] {
  if (compiler.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText(source));
  const named = compiler.isFunctionDeclaration(statement) || compiler.isClassDeclaration(statement);
  if (!named || statement.name === undefined) throw unknown(statement, source);
  return [statement.name.text];
}

function unknown(statement: ts.Statement, source: ts.SourceFile): TypeError {
  return new TypeError(`no CommonJS for: ${statement.getText(source).slice(0, 80)}`);
}
