import { distance } from './diff.ts';
import { formatLines } from './format.ts';
import { unitOf } from './indent.ts';
import type { StyleOptions } from './style.ts';

/** What people set; the first of each is how files are emitted. Indentation is read from the text. */
const choices: readonly StyleOptions[] = [
  { singleQuote: false },
  { semi: false },
  { printWidth: 80 },
  { printWidth: 120 },
  { trailingComma: 'none' },
  { trailingComma: 'es5' },
  { arrowParens: 'avoid' },
  { bracketSpacing: false },
];

/**
 * The options of prettier with which the base comes nearest to what the user made of it, for projects that do not say
 * how they format, or say it in code. `undefined` when none brings it any nearer.
 */
export async function inferOptions(
  path: string,
  ours: readonly string[],
  base: readonly string[],
): Promise<StyleOptions | undefined> {
  const unit = unitOf(ours.join('\n'));
  let best: StyleOptions = unit === '\t' ? { useTabs: true } : { tabWidth: unit.length };
  let least = await distanceWith(path, ours, base, best);
  for (const choice of choices) {
    if (least === 0) break;
    const options = { ...best, ...choice };
    const now = await distanceWith(path, ours, base, options);
    if (now >= least) continue;
    best = options;
    least = now;
  }
  return least < distance(base, ours) ? best : undefined;
}

async function distanceWith(
  path: string,
  ours: readonly string[],
  base: readonly string[],
  options: StyleOptions,
): Promise<number> {
  const lines = await formatLines(path, base, options);
  return lines === undefined ? Number.POSITIVE_INFINITY : distance(lines, ours);
}
