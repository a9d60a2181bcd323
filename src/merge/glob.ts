/**
 * A pattern of `.editorconfig` or of prettier's `overrides` as a test of paths: `*`, `**`, `?`, `[abc]`, `{a,b}`.
 * A pattern without a slash names files in any folder.
 */
export function globOf(pattern: string): (path: string) => boolean {
  const anywhere = !pattern.includes('/');
  const source = sourceOf(pattern.startsWith('/') ? pattern.slice(1) : pattern);
  let expression: RegExp;
  try {
    expression = new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${source}$`);
  } catch {
    return () => false;
  }
  return (path) => expression.test(path);
}

const plain = /[.+^$()|\\]/;

function sourceOf(pattern: string): string {
  let source = '';
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (pattern.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (pattern.startsWith('**', at)) {
      source += '.*';
      at++;
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[' && pattern.startsWith('!', at + 1)) {
      source += '[^';
      at++;
    } else if (char === '{') {
      depth++;
      source += '(?:';
    } else if (char === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (char === ',' && depth > 0) source += '|';
    else source += plain.test(char) || char === '{' || char === '}' ? `\\${char}` : char;
  }
  return source;
}

/** The lines of an ignore file as a test of paths; of several lines that name a path the last one counts. */
export function ignoreOf(lines: readonly string[]): (path: string) => boolean {
  const rules = lines.flatMap((raw) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const again = line.startsWith('!');
    const pattern = again ? line.slice(1) : line;
    const bare = pattern.endsWith('/') ? pattern.slice(0, -1) : pattern;
    const inside = bare.includes('/') ? `${bare}/**` : `**/${bare}/**`;
    return [{ ignored: !again, itself: globOf(bare), below: globOf(inside) }];
  });
  return (path) =>
    rules.findLast(({ itself, below }) => itself(path) || below(path))?.ignored ?? false;
}
