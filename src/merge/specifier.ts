import path from 'node:path';

/** How code in a folder names a file that it imports: by a relative path, which begins with a dot. */
export function specifierOf(file: string, folder: string): string {
  const relative = path.posix.relative(folder, file);
  return relative.startsWith('.') ? relative : `./${relative}`;
}
