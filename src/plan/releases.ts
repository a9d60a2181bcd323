import { tableFile } from './table-file.ts';

/** What to know about a version before its templates are brought in, by version. */
export type ReleaseNotes = ReadonlyMap<string, readonly string[]>;

/**
 * Reads `releases.json` beside the template sets; without one there is nothing to know.
 * @param folder the `templates/` of this package
 * @throws {TypeError} when it does not say a list of lines for each version
 */
export async function loadReleaseNotes(folder: string): Promise<ReleaseNotes> {
  const rows = await tableFile(folder, 'releases.json');
  return new Map(
    rows.map(([version, lines]) => {
      if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string'))
        throw new TypeError(`releases.json: ${version} has no list of lines`);
      return [version, lines] as const;
    }),
  );
}
