import type { Node } from '@babel/types';
import { childrenOf, endOf, startOf } from '../../render/syntax.ts';
import { changesOf } from '../diff.ts';
import type { Source } from './parse.ts';
import { namesOf } from './scope.ts';

/**
 * Base and theirs with the names that the user gave to variables of the base everywhere; `undefined` when there are
 * none. What the generator adds then uses the user's names too.
 */
export function withNamesOf(
  ours: Source,
  base: Source,
  theirs: Source,
): { readonly base: string; readonly theirs: string } | undefined {
  const names = renamesOf(ours, base, theirs);
  if (names.size === 0) return undefined;
  return { base: renamed(base, names), theirs: renamed(theirs, names) };
}

/** Old names to new ones: the old one is gone from ours, the new one is in no other version. */
function renamesOf(ours: Source, base: Source, theirs: Source): ReadonlyMap<string, string> {
  const words = ({ tokens }: Source) =>
    tokens.filter(({ comment }) => !comment).map(({ text }) => text);
  const [mine, old] = [words(ours), words(base)];
  const here = new Set(mine);
  const elsewhere = new Set([...old, ...words(theirs)]);
  const found = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const { b0, b1, s0, s1 } of changesOf(old, mine) ?? []) {
    const [from, to] = [old[b0], mine[s0]];
    if (b1 - b0 !== 1 || s1 - s0 !== 1 || from === undefined || to === undefined) continue;
    if (!isName(from) || !isName(to) || here.has(from) || elsewhere.has(to)) continue;
    if ((found.get(from) ?? to) !== to) doubtful.add(from);
    found.set(from, to);
  }
  const declared = namesDeclared(base);
  return new Map([...found].filter(([from]) => declared.has(from) && !doubtful.has(from)));
}

const isName = (text: string) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);

/** The names of variables, functions and parameters: what stands where a value may stand. */
function namesDeclared(source: Source): ReadonlySet<string> {
  return new Set(usesOf(source).map(({ name }) => name));
}

interface Use {
  readonly name: string;
  readonly start: number;
  /** `{ name }`: the name of a property too. */
  readonly shorthand: boolean;
}

function usesOf({ file }: Source): readonly Use[] {
  const uses: Use[] = [];
  const visit = (node: Node, shorthand: boolean) => {
    if (node.type === 'Identifier') {
      uses.push({ name: node.name, start: startOf(node), shorthand });
    }
    const names = new Set(namesOf(node));
    const short = node.type === 'ObjectProperty' && node.shorthand === true;
    for (const child of childrenOf(node)) {
      if (!names.has(child))
        visit(child, short || (shorthand && node.type === 'AssignmentPattern'));
    }
  };
  visit(file.program, false);
  return uses.sort((a, b) => a.start - b.start);
}

function renamed(source: Source, names: ReadonlyMap<string, string>): string {
  let text = '';
  let at = 0;
  for (const { name, start, shorthand } of usesOf(source)) {
    const to = names.get(name);
    if (to === undefined || start < at) continue;
    text += source.text.slice(at, start) + (shorthand ? `${name}: ${to}` : to);
    at = start + name.length;
  }
  return text + source.text.slice(at, endOf(source.file));
}
