import { exit, UserError } from '../../errors.ts';
import type { Change, Conflict } from '../change.ts';
import type { Decision, Rules, Sources } from './types.ts';

/** The conflict of a change, as the planner first sees it, and what may be answered. */
export interface Dispute {
  readonly change: Change;
  readonly conflict: Conflict;
  readonly answers: readonly Decision[];
}

/** Decisions as they are asked for, each used at most once a path; what nobody asked for is a mistake of the caller. */
export class Decisions {
  readonly #rules: Rules;
  readonly #used = new Set<string>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** What was decided about a path beforehand; refused (1) unless it is one of `answers`. */
  given(path: string, answers: readonly Decision[]): Decision | undefined {
    const decision = this.#rules.decisions.get(path);
    if (decision === undefined) return undefined;
    this.#used.add(path);
    if (answers.includes(decision)) return decision;
    // Any place may be named for a moved file; whether something lies there is seen when it is read.
    if (decision.startsWith('moved:') && answers.some(isMove)) return decision;
    throw new UserError(
      exit.usage,
      `--decide ${path}=${decision}: this path cannot be decided so`,
      `one of: ${answers.join(', ')}`,
    );
  }

  /** What was decided about a file that is not at its place; the answers that mean nothing there are not. */
  early(path: string): Decision | undefined {
    return this.given(path, ['restore', 'theirs', 'delete', 'ours', 'moved:']);
  }

  /**
   * Refuses a place that nothing lies at.
   * @throws UserError 1
   */
  async refuseEmpty(path: string, place: string, { ours }: Sources): Promise<void> {
    if ((await ours(place)) !== undefined) return;
    throw new UserError(exit.usage, `--decide ${path}=moved:${place}: there is no file ${place}`);
  }

  /** What is to become of a conflict: decided beforehand, by the mode, or by asking. */
  async settle({ change, conflict, answers }: Dispute): Promise<Decision | undefined> {
    const given = this.given(change.path, answers);
    if (given !== undefined) return given;
    if (this.#rules.conflicts === 'ask') return this.#rules.ask?.({ change, conflict, answers });
    const keeps = this.#rules.conflicts === 'ours' && answers.includes('ours');
    return keeps ? 'ours' : undefined;
  }

  /**
   * Refuses decisions about paths that nothing had to be decided about: most likely a name was mistyped.
   * @throws UserError 1
   */
  refuseUnused(): void {
    const unused = [...this.#rules.decisions.keys()].find((path) => !this.#used.has(path));
    if (unused !== undefined)
      throw new UserError(
        exit.usage,
        `--decide ${unused}: nothing is to be decided about this path`,
      );
  }
}

/** Where a file was moved to, if that is what the decision says. */
export function placeIn(decision: Decision): string | undefined {
  return isMove(decision) ? decision.slice('moved:'.length) : undefined;
}

function isMove(decision: Decision): boolean {
  return decision.startsWith('moved:');
}
