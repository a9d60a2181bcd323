import type { Pending } from '../apply/reconcile/types.ts';
import type { GeneratorName, StateEntry } from './state.ts';

/** What can still be read of a state that is damaged, most often by a merge of branches on which commands were run. */
export interface Salvage {
  /** The programs that wrote it: one, or two. */
  readonly generators: readonly GeneratorName[];
  /** What is known of each file: once, or once a side where they differ. */
  readonly files: ReadonlyMap<string, readonly StateEntry[]>;
  readonly pending: readonly Pending[];
}

/** Nothing is known. */
export const nothingLeft: Salvage = { generators: [], files: new Map(), pending: [] };

/**
 * Reads a state line by line, between markers as well: it has a line for each file, and one for the program. Lines of the
 * common ancestor, which git writes on request, count for nothing.
 */
export function salvaged(text: string): Salvage {
  const files = new Map<string, StateEntry[]>();
  const generators: GeneratorName[] = [];
  const pending: Pending[] = [];
  for (const line of linesOfSides(text)) {
    const { value, path } = recordIn(line);
    if (isGenerator(path, value)) generators.push(value);
    else if (path !== undefined && isEntry(value))
      files.set(path, [...(files.get(path) ?? []), value]);
    else if (isPending(path, value)) pending.push(value);
  }
  return { generators, files, pending };
}

/** The lines of both sides, each once. */
function linesOfSides(text: string): ReadonlySet<string> {
  let isAncestor = false;
  const lines = text.split(/\r?\n/).filter((line) => {
    const mark = /^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.exec(line)?.[0];
    if (mark !== undefined) isAncestor = mark.startsWith('|');
    return mark === undefined && !isAncestor;
  });
  return new Set(lines.map((line) => line.trim().replace(/,$/, '')));
}

/** The object that a line holds, and the key before it. A line of something longer holds none. */
function recordIn(line: string): { readonly path?: string; readonly value?: object } {
  try {
    const parsed: unknown = JSON.parse(line.startsWith('"') ? `{${line}}` : line);
    if (typeof parsed !== 'object' || parsed === null) return {};
    if (!line.startsWith('"')) return { value: parsed };
    const [[path, value] = []] = Object.entries(parsed as Record<string, unknown>);
    return path !== undefined && typeof value === 'object' && value !== null ? { path, value } : {};
  } catch {
    return {};
  }
}

function isGenerator(path: string | undefined, value?: object): value is GeneratorName {
  return path === 'generator' && value !== undefined && 'version' in value;
}

function isEntry(value?: object): value is StateEntry {
  return value !== undefined && 'kind' in value;
}

function isPending(path: string | undefined, value?: object): value is Pending {
  return path === undefined && value !== undefined && 'hunks' in value;
}
