import type { Ask, ConflictMode, Decision, Rules } from '../apply/reconcile/index.ts';
import { styleFiles, styleOf } from '../merge/index.ts';
import type { ProjectFiles } from './files.ts';

/** How a command decides where a choice is open. */
export interface Choices {
  /** Said beforehand about single paths. */
  readonly decisions?: ReadonlyMap<string, Decision>;
  /** What becomes of conflicts that nothing was said about; `abort` when left out. */
  readonly conflicts?: ConflictMode;
  /** Answers conflicts in the mode `ask`. */
  readonly ask?: Ask;
  /** Takes the only place that a missing file may have been moved to. */
  readonly takeMoves?: boolean;
}

/**
 * Choices as the planner takes them, and the style of the project.
 * @param labels names of the sides beside markers
 */
export async function rulesOf(
  choices: Choices,
  files: ProjectFiles,
  labels: Rules['labels'],
): Promise<Rules> {
  const { decisions = new Map(), conflicts = 'abort', ask, takeMoves = false } = choices;
  const said = new Map<string, Uint8Array>();
  for (const path of styleFiles) {
    const content = await files.read(path);
    if (content !== undefined) said.set(path, content);
  }
  return { decisions, conflicts, ask, takeMoves, style: await styleOf(said), labels };
}
