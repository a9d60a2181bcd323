import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hasMarkers } from '../apply/reconcile/markers.ts';
import { exit, UserError } from '../errors.ts';
import { isState } from './state-shape.ts';
import { checkOf, stateFormat, statePath, type State } from './state.ts';

/** The state was written by a newer version: it is sound, and nothing to be made anew. */
export class NewerState extends UserError {
  constructor(what: string, hint: string) {
    super(exit.state, `${statePath} ${what}`, hint);
  }
}

/**
 * Reads `.flask-style/state.json`.
 *
 * @param root the folder of the project
 * @throws UserError 4 when it is missing, damaged, edited, or written by a newer version of the tool
 */
export async function readState(root: string): Promise<State> {
  const text = await stateTextIn(root);
  if (text === undefined)
    throw refusal('is missing', 'restore it from version control, or run adopt');
  return stateFrom(text);
}

/**
 * The state, when it can be read; one that is newer than this program is nothing to throw away.
 *
 * @param root the folder of the project
 * @throws UserError 4 when it was written by a newer version
 */
export async function stateOrNone(root: string): Promise<State | undefined> {
  const text = await stateTextIn(root);
  return text === undefined ? undefined : soundState(() => stateFrom(text));
}

/** What a reader gives; nothing where it finds the state missing or damaged. One that is newer is refused as ever. */
export function soundState(read: () => State): State | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError && !(error instanceof NewerState)) return undefined;
    throw error;
  }
}

/** The text of `.flask-style/state.json`, whatever it holds; `undefined` when there is none. */
export function stateTextIn(root: string): Promise<string | undefined> {
  return readFile(path.join(root, statePath), 'utf8').catch(() => undefined);
}

/**
 * The state that a text holds.
 * @throws UserError 4 as {@link readState} does
 */
export function stateFrom(text: string): State {
  const state = parse(text);
  // Before the check, which a newer format may compute in another way.
  if (state.format > stateFormat || state.minReader > stateFormat) throw newer(state);
  if (checkOf(state) !== state.check)
    throw refusal('has been changed by hand', 'restore it from version control, or run adopt');
  if (!isState({ ...state }))
    throw refusal('is no state', 'restore it from version control, or run adopt');
  return state;
}

/** Of a newer format nothing is certain, not even how it names the program. */
function newer({ generator }: Partial<State>): NewerState {
  const program =
    typeof generator?.version === 'string' ? `${generator.name} ${generator.version}` : undefined;
  return new NewerState(
    `was written by ${program ?? 'a version'}${program === undefined ? ' that' : ', which'} is newer than this one`,
    `use ${program ?? 'that version'} or later`,
  );
}

function parse(text: string): State {
  if (hasMarkers(text))
    throw refusal('holds conflict markers', 'run adopt: it brings both sides together');
  try {
    const state: unknown = JSON.parse(text);
    if (typeof state === 'object' && state !== null) return state as State;
    throw refusal('is no state', 'restore it from version control, or run adopt');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw refusal('is not JSON', 'restore it from version control, or run adopt');
  }
}

function refusal(what: string, hint: string): UserError {
  return new UserError(exit.state, `${statePath} ${what}`, hint);
}
