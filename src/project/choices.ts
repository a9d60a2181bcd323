import type { Ask, ConflictMode, Decision, Rules } from '../apply/reconcile/index.ts';
import { emittedStyle } from '../merge/style.ts';

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

/** Choices as the planner takes them; `labels` name the sides beside markers. */
export function rulesOf(choices: Choices, labels: Rules['labels']): Rules {
  const { decisions = new Map(), conflicts = 'abort', ask, takeMoves = false } = choices;
  return { decisions, conflicts, ask, takeMoves, style: emittedStyle, labels };
}
