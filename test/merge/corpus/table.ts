import type { Case } from './run.ts';

/** The result by kind of user edit, or of something else, as lines of a table. */
export function tableOf(cases: readonly Case[], by: (one: Case) => string): readonly string[] {
  const rows = new Map<string, Case[]>();
  for (const one of cases) rows.set(by(one), [...(rows.get(by(one)) ?? []), one]);
  const row = (name: string, of: readonly Case[]) => {
    const fair = of.filter(({ collides }) => !collides);
    const good = fair.filter(isClean).length;
    const percent = fair.length === 0 ? '-' : ((100 * good) / fair.length).toFixed(1);
    const same = of.length - fair.length;
    return `${name.padEnd(36)}${`${good}/${fair.length}`.padStart(10)}${percent.padStart(8)}${String(same).padStart(8)}`;
  };
  return [
    `${''.padEnd(36)}${'clean'.padStart(10)}${'%'.padStart(8)}${'same'.padStart(8)}`,
    ...[...rows].map(([name, of]) => row(name, of)),
    row('all', cases),
  ];
}

export const isClean = ({ result }: Case) => result.kind === 'clean';
