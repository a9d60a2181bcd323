import type { File, StringLiteral } from '@babel/types';
import { asCommonJs } from './commonjs.ts';
import { childrenOf, edited, endOf, parseModule, type Edit } from './syntax.ts';
import type { Form } from './types.ts';
import { typesAway } from './types-away.ts';

/**
 * TypeScript source in another form: paths in imports end otherwise, and for JavaScript the types are gone.
 *
 * @returns text that is not laid out yet
 * @throws {TypeError} for syntax of TypeScript that is more than types, such as an enum: our templates have none
 */
export function inForm(text: string, { to, imports }: Form): string {
  const file = parseModule(text);
  const endings = importEndings(file, imports);
  if (to === 'typescript') return edited(text, endings);
  const script = edited(text, [...typesAway(text, file), ...endings]);
  return to === 'commonjs' ? asCommonJs(script) : script;
}

/** Another ending for each relative path that a source imports. */
function importEndings(file: File, imports: string): readonly Edit[] {
  return importedIn(file).flatMap((path): Edit[] => {
    if (!path.value.startsWith('.') || !path.value.endsWith('.ts')) return [];
    // Before the quote.
    const to = endOf(path) - 1;
    return [{ from: to - '.ts'.length, to, text: imports }];
  });
}

function importedIn(file: File): readonly StringLiteral[] {
  const found: StringLiteral[] = [];
  const waiting = [...childrenOf(file.program)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    waiting.push(...childrenOf(node));
    if (node.type === 'TSImportType') found.push(node.argument);
    else if (node.type === 'CallExpression' && node.callee.type === 'Import') {
      const [path] = node.arguments;
      if (path?.type === 'StringLiteral') found.push(path);
    } else if ('source' in node && node.source?.type === 'StringLiteral') found.push(node.source);
  }
  return found;
}
