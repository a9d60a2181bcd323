import type { FileMode, MergePolicy } from '../render/types.ts';

/** Written once; they hold what the user put there, secrets among it. */
const seeds = new Set(['.env']);
/** Not merged line by line: no text, or text that nobody edits. */
const binary = /^dev\/embedded-mongo\.|\.(?:ico|png|svg|woff2)$/;
/** A set of lines, whose order means nothing. */
const sets = /(?:^|\/)(?:\.gitignore|\.dockerignore|\.prettierignore|\.env\.example)$/;

/** How a file at this path of a project is merged with what the user made of it. */
export function mergePolicyOf(path: string): MergePolicy {
  if (seeds.has(path)) return 'seed';
  if (binary.test(path)) return 'bin';
  if (sets.test(path)) return 'lines';
  if (/\.[cm]?[jt]s$/.test(path)) return 'ts';
  if (/\.json$/.test(path)) return 'json';
  if (/\.ya?ml$/.test(path)) return 'yaml';
  return 'text';
}

/** The permissions of a file, whatever the umask says. */
export function modeOf(path: string): FileMode {
  if (path === '.env') return 0o600;
  return path.endsWith('.sh') ? 0o755 : 0o644;
}
