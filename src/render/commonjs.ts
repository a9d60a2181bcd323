import type { ExportNamedDeclaration, ImportDeclaration, Node, Statement } from '@babel/types';
import { edited, endOf, parseModule, startOf, type Edit } from './syntax.ts';

/**
 * An ES module as people write a CommonJS one: `require` at the top, `module.exports` at the end. What compilers make is not
 * taken: they call what is imported by names that nobody would choose, and owners are to read and edit this.
 *
 * @throws {TypeError} for a form of import or export that our templates do not use
 */
export function asCommonJs(text: string): string {
  const edits: Edit[] = [];
  const exported: string[] = [];
  const bound = new Set<string>();
  const textOf = (node: Node) => text.slice(startOf(node), endOf(node));
  const unknown = (node: Node) => new TypeError(`no CommonJS for: ${textOf(node).slice(0, 80)}`);

  const requiring = ({ specifiers, source }: ImportDeclaration): string => {
    const call = `require(${textOf(source)})`;
    const [first] = specifiers;
    if (first === undefined) return `${call};`;
    if (first.type === 'ImportNamespaceSpecifier') return `const ${first.local.name} = ${call};`;
    const names = specifiers.map((name) => {
      // A default export of an ES module would be the member `default`: no template imports one.
      if (name.type !== 'ImportSpecifier') throw unknown(name);
      const [from, own] = [textOf(name.imported), name.local.name];
      bound.add(own);
      return from === own ? own : `${from}: ${own}`;
    });
    return `const { ${names.join(', ')} } = ${call};`;
  };

  const exporting = ({ specifiers, source }: ExportNamedDeclaration): void => {
    for (const name of specifiers) {
      if (name.type !== 'ExportSpecifier') throw unknown(name);
      const [own, as] = [name.local.name, textOf(name.exported)];
      const value = source && !bound.has(own) ? `require(${textOf(source)}).${own}` : own;
      exported.push(value === as ? value : `${as}: ${value}`);
    }
  };

  const namesOf = (statement: Statement): readonly string[] => {
    if (statement.type === 'VariableDeclaration')
      return statement.declarations.map(({ id }) => {
        if (id.type !== 'Identifier') throw unknown(id);
        return id.name;
      });
    const named = statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration';
    if (!named || !statement.id) throw unknown(statement);
    return [statement.id.name];
  };

  for (const statement of parseModule(text).program.body) {
    const [from, to] = [startOf(statement), endOf(statement)];
    if (statement.type === 'ImportDeclaration') {
      edits.push({ from, to, text: requiring(statement) });
    } else if (statement.type === 'ExportNamedDeclaration') {
      const { declaration } = statement;
      if (declaration) exported.push(...namesOf(declaration));
      else exporting(statement);
      edits.push({ from, to: declaration ? startOf(declaration) : to, text: '' });
    } else if (/^Export|^TSExport/.test(statement.type)) {
      throw unknown(statement);
    }
  }
  const end = exported.length === 0 ? '' : `\n\nmodule.exports = { ${exported.join(', ')} };\n`;
  return `'use strict';\n\n${edited(text, edits).trimEnd()}${end}`;
}
