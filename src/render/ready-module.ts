import { formed, nameOf } from './formed.ts';
import type { Form } from './types.ts';

/**
 * The text of a module in the place of `ready.ts`, so that the built tool takes no template of its own apart.
 *
 * @param sources TypeScript without holes
 * @param forms those of JavaScript
 */
export async function readyModule(
  sources: readonly string[],
  forms: readonly Form[],
): Promise<string> {
  const rows: string[] = [];
  for (const source of sources) {
    const own: [string, string][] = [];
    for (const form of forms) own.push([nameOf(form), await formed('any.js', source, form)]);
    rows.push(`[${JSON.stringify(source)}, new Map(${JSON.stringify(own)})]`);
  }
  return `export const ready = new Map([\n${rows.join(',\n')}\n]);\n`;
}
