import handlebars from 'handlebars';
import { compilation, engineOf } from './engine.ts';

/**
 * The text of a module in the place of `precompiled.ts`, so that the built tool compiles none of its own templates.
 * @param sources of templates with holes
 */
export function precompiledModule(sources: readonly string[]): string {
  const engine = engineOf(handlebars);
  const rows = sources.map(
    (source) => `[${JSON.stringify(source)}, ${String(engine.precompile(source, compilation))}]`,
  );
  return `export const precompiled = new Map([\n${rows.join(',\n')}\n]);\n`;
}
