import type { TextKind, TreeMerge } from '../layers.ts';
import { withoutIndent } from '../loose.ts';
import type { Rules } from '../tree/context.ts';
import { mergeTrees } from '../tree/run.ts';
import { withExtractions } from './extract.ts';
import { codeProblem } from './gate.ts';
import { parseSource, type Source } from './parse.ts';
import { withNamesOf } from './rename.ts';
import { codeTree } from './tree.ts';
import { unwrapped } from './wrap.ts';

const rules: Rules = { renames: true, textual: true, deep: false, sorted: false };

/** TypeScript and JavaScript: merged by declarations, members, properties and statements. For one merge. */
export function codeKind(): TextKind {
  // The layers look at the same texts again and again.
  const parsed = new Map<string, Source | string>();
  const parse = (text: string) => {
    const known = parsed.get(text) ?? parseSource(text);
    parsed.set(text, known);
    return known;
  };
  const all = (texts: readonly [string, string, string]) => {
    const [ours, base, theirs] = [parse(texts[0]), parse(texts[1]), parse(texts[2])];
    if (typeof ours === 'string' || typeof base === 'string' || typeof theirs === 'string') {
      return undefined;
    }
    return [ours, base, theirs] as const;
  };
  return {
    problem: (texts) => codeProblem(texts, parse),
    loose: withoutIndent,
    renamed: (...texts) => {
      const sources = all(texts);
      if (sources === undefined) return undefined;
      const named = withNamesOf(...sources);
      const again = named && all([texts[0], named.base, named.theirs]);
      return withExtractions(...(again ?? sources)) ?? named;
    },
    tree: (...texts) => {
      const sources = all(texts);
      if (sources === undefined) return undefined;
      const [ours, base, theirs] = sources;
      const merge = (mine: Source, other: Source) =>
        mergeTrees(rules, codeTree(mine), codeTree(base), codeTree(other));
      /** With a call that one side put around something as the last that is done. */
      const around = (
        side: Source,
        opposite: Source,
        bare: (source: Source) => TreeMerge | undefined,
      ) => {
        const found = unwrapped(side, base, opposite);
        const source = found && parse(found.text);
        if (found === undefined || source === undefined || typeof source === 'string')
          return undefined;
        const merged = bare(source);
        if (merged === undefined || merged.collisions.length > 0) return undefined;
        const whole = parse(merged.text);
        const text = typeof whole === 'string' ? undefined : found.wrap(whole);
        return text === undefined ? undefined : { ...merged, text };
      };
      return (
        around(theirs, ours, (other) => merge(ours, other)) ??
        around(ours, theirs, (mine) => merge(mine, theirs)) ??
        merge(ours, theirs)
      );
    },
  };
}
