/** The style of every emitted file; `.prettierrc.json` of an emitted project says the same. */
export const style = { singleQuote: true, printWidth: 100 } as const;

/**
 * The text in the emitted style; text of a kind that prettier does not know comes back as it is.
 * @throws {SyntaxError} when the text does not parse
 */
export async function format(path: string, text: string): Promise<string> {
  // Loaded late: most runs emit text that is laid out already and never need it.
  const prettier = await import('prettier');
  const { inferredParser } = await prettier.getFileInfo(path, { resolveConfig: false });
  if (inferredParser === null) return text;
  // The path too: without it TypeScript is taken for what may hold JSX, and `<T>(` becomes `<T,>(`.
  return prettier.format(text, { ...style, parser: inferredParser, filepath: path });
}
