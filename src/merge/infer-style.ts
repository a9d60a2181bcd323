import { distance } from './diff.ts';
import { formatLines } from './format.ts';
import { unitOf } from './indent.ts';
import type { StyleOptions } from './style.ts';

/** What people set besides what is read from the text. */
const choices: readonly StyleOptions[] = [
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
  let best = readOptions(ours);
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

/** What a glance at the text tells: indentation, quotes, semicolons. Each of them touches nearly every line. */
function readOptions(lines: readonly string[]): StyleOptions {
  const text = lines.join('\n');
  const unit = unitOf(text);
  const count = (what: string) => text.split(what).length;
  const ended = lines.filter((line) => line.endsWith(';')).length;
  return {
    ...(unit === '\t' ? { useTabs: true } : { tabWidth: unit.length }),
    singleQuote: count("'") >= count('"'),
    semi: ended * 10 > lines.length,
  };
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
