import { linesOf } from './decode.ts';
import { emitted, type StyleOptions } from './style.ts';

/**
 * Lines as prettier lays them out with these options; `undefined` when it does not know this kind of file, or the
 * text does not parse. Prettier is loaded with the first call: most runs never need it.
 */
export async function formatLines(
  path: string,
  lines: readonly string[],
  options: StyleOptions,
): Promise<readonly string[] | undefined> {
  const prettier = await import('prettier');
  const { inferredParser } = await prettier.getFileInfo(path, { resolveConfig: false });
  if (inferredParser === null) return undefined;
  try {
    const text = `${lines.join('\n')}\n`;
    return linesOf(await prettier.format(text, { ...emitted, ...options, parser: inferredParser }));
  } catch {
    return undefined;
  }
}
