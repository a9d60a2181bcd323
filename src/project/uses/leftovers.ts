import { migrationsFolder } from '../../plan/migrations.ts';
import { utf8Text } from '../../utf8.ts';
import type { ProjectPlan } from '../project-plan.ts';
import type { Project } from '../open.ts';
import { statePath, type State } from '../state.ts';
import { basePath } from '../tree.ts';
import { foreignTexts, textIn } from './code.ts';

/** A line of the user in which a word is left. */
export interface Leftover {
  readonly path: string;
  /** Counted from 1, in the file as it will be. */
  readonly line: number;
}

/**
 * Where a word is left once a plan is written, in lines that the generator did not write: in what the user added to
 * emitted files and in files of the user's own. Text is all that is compared: whether it means the same thing is for a
 * reader to say.
 */
export async function leftovers(
  project: Project,
  plan: ProjectPlan,
  word: string,
): Promise<readonly Leftover[]> {
  const after = new Map(plan.changes.map((change) => [change.path, change.after] as const));
  const found: Leftover[] = [];
  for (const [path, { kind, base, at }] of Object.entries(filesAfter(project, after))) {
    const place = at ?? path;
    const content = after.has(place) ? after.get(place) : await project.files.read(place);
    const text = textIn(content);
    if (base === undefined || kind === 'bin' || text === undefined) continue;
    const lines = linesWith(word, text);
    if (lines.length === 0) continue;
    const emitted = after.get(basePath(base)) ?? (await project.bases.get(base));
    const own = new Set(utf8Text(emitted).split('\n').map(trimmed));
    for (const line of lines)
      if (!own.has(trimmed(text.split('\n')[line - 1] ?? ''))) found.push({ path: place, line });
  }
  const migrations = `${migrationsFolder(project.spec)}/`;
  for (const [path, text] of await foreignTexts(project)) {
    // A migration speaks of what was there when it was written, and always will.
    if (after.has(path) || path.startsWith(migrations)) continue;
    for (const line of linesWith(word, text)) found.push({ path, line });
  }
  return found;
}

/** The lines of a text that hold a word as a whole. */
export function linesWith(word: string, text: string): number[] {
  if (!text.includes(word)) return [];
  const whole = new RegExp(`(?<![\\w$])${word.replaceAll('$', '\\$')}(?![\\w$])`);
  return text.split('\n').flatMap((line, index) => (whole.test(line) ? [index + 1] : []));
}

function filesAfter(
  project: Project,
  after: ReadonlyMap<string, Uint8Array | undefined>,
): State['files'] {
  const written = after.get(statePath);
  if (written === undefined) return project.state.files;
  return (JSON.parse(utf8Text(written)) as State).files;
}

function trimmed(line: string): string {
  return line.trim();
}
