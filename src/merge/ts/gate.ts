import { countsOf, lostText, raisedText, type Counts, type Versions } from '../counts.ts';
import type { List, Part, Tree } from '../tree/types.ts';
import { parseSource, type Source } from './parse.ts';
import { undeclaredNames } from './scope.ts';
import { codeTree } from './tree.ts';

/**
 * What is wrong with a merge of source texts, with the line in it; `undefined` when it may be written. A merge parses,
 * declares nothing twice, uses nothing undeclared, and holds every word that either side added.
 */
export function codeProblem(texts: Versions<string>): string | undefined {
  const merged = parseSource(texts.merged);
  const ours = parseSource(texts.ours);
  const base = parseSource(texts.base);
  const theirs = parseSource(texts.theirs);
  // What did not parse before cannot be judged, nor made worse.
  if (typeof ours === 'string') return undefined;
  if (typeof merged === 'string') return merged;
  if (typeof base === 'string' || typeof theirs === 'string') return undefined;
  const all = { ours, base, theirs, merged };
  return twiceProblem(all) ?? undeclaredProblem(all) ?? lossProblem(all);
}

function twiceProblem({ ours, theirs, merged }: Versions<Source>): string | undefined {
  const known = [ours, theirs].map((source) => doublesOf(codeTree(source)));
  for (const [key, { count, line, name }] of doublesOf(codeTree(merged))) {
    const before = Math.max(...known.map((doubles) => doubles.get(key)?.count ?? 1));
    if (count > before) return `line ${line} of the merge: ${name} would be there twice`;
  }
  return undefined;
}

function undeclaredProblem({ ours, theirs, merged }: Versions<Source>): string | undefined {
  const known = [undeclaredNames(ours), undeclaredNames(theirs)];
  for (const [name, line] of undeclaredNames(merged)) {
    if (known.every((names) => !names.has(name))) {
      return `line ${line} of the merge: ${name} is no longer declared`;
    }
  }
  return undefined;
}

function lossProblem({ ours, base, theirs, merged }: Versions<Source>): string | undefined {
  const words: Versions<Counts> = {
    ours: wordsOf(ours),
    base: wordsOf(base),
    theirs: wordsOf(theirs),
    merged: wordsOf(merged),
  };
  const lost = lostText(words);
  if (lost !== undefined) return `${lost} would be lost`;
  const keys: Versions<Counts> = {
    ours: keysOf(ours),
    base: keysOf(base),
    theirs: keysOf(theirs),
    merged: keysOf(merged),
  };
  const back = raisedText(keys);
  return back === undefined ? undefined : `${nameIn(back)}, which you removed, would come back`;
}

const nameIn = (key: string) => key.slice(key.lastIndexOf('/') + 1);

/** Names, strings, numbers and the words of comments: everything but punctuation. */
function wordsOf({ tokens }: Source): Counts {
  return countsOf(
    tokens.flatMap(({ text, comment }) =>
      comment
        ? text.split(/[\s*/]+/).filter((word) => word !== '')
        : /[\w$]/.test(text)
          ? [text]
          : [],
    ),
  );
}

interface Double {
  readonly count: number;
  readonly line: number;
  readonly name: string;
}

/** What is in one list more than once though each may be there once: members, keys, imports, routes, entries. */
function doublesOf({ parts }: Tree): ReadonlyMap<string, Double> {
  const result = new Map<string, Double>();
  for (const { shape, order, items } of listsOf(parts)) {
    const seen = new Map<string, number>();
    for (const { key, code, name, line, shape: kind, free } of items) {
      const unique = order === 'elements' ? (/^[\w$]+$/.test(code) ? code : undefined) : key;
      // Statements and links may be repeated; overloads are.
      const repeats = !free && order === 'keyed' && kind !== 'SwitchCase';
      const overload =
        kind === 'TSDeclareMethod' || kind === 'TSDeclareFunction' || kind === 'TSMethodSignature';
      if (unique === undefined || order === 'steps' || repeats || overload) continue;
      const count = (seen.get(unique) ?? 0) + 1;
      seen.set(unique, count);
      if (count > 1) result.set(`${shape}/${unique}`, { count, line, name });
    }
  }
  return result;
}

function keysOf(source: Source): Counts {
  const keys: string[] = [];
  for (const { order, items } of listsOf(codeTree(source).parts)) {
    if (order !== 'keyed') continue;
    for (const { key, free, name } of items)
      if (key !== undefined && free) keys.push(`${key}/${name}`);
  }
  return countsOf(keys);
}

function* listsOf(parts: readonly Part[]): Generator<List> {
  for (const part of parts) {
    if (part.kind === 'leaf') continue;
    yield part;
    for (const item of part.items) yield* listsOf(item.parts);
  }
}
