/** Counts of one suite; `own` are tests on the driver's own skip list, which no goal counts. */
export interface SuiteCount {
  tests: number;
  applies: number;
  own: number;
  passedAll: number;
  passedOff: number;
  /** Passed with events off among the tests that count (applies less own). */
  passedGoal: number;
}

/** The least share of counting tests that must pass with events off; null where the design states none. */
export const goals: Record<string, number | 'all but one' | null> = {
  crud: 0.99,
  transactions: 0.95,
  'transactions-convenient-api': 1,
  gridfs: 1,
  'run-command': 'all but one',
  'retryable-writes': 0.9,
  'change-streams': 0.75,
};

export function meetsGoal(suite: string, { applies, own, passedGoal }: SuiteCount): boolean {
  const counting = applies - own;
  const goal = goals[suite] ?? null;
  if (goal === null) return true;
  return goal === 'all but one' ? passedGoal >= counting - 1 : passedGoal >= goal * counting;
}

/** Cells as aligned text: the first column to the left, the others to the right. */
function align(rows: string[][]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const line = (row: string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(width(i)) : cell.padStart(width(i))))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** The report by suite, as aligned text. */
export function table(counts: Map<string, SuiteCount>): string {
  const rows = [
    [
      'suite',
      'tests',
      'applies',
      'driver skips',
      'passed, all checks',
      'passed, events off',
      'not passed',
      'share',
      'goal',
      '',
    ],
  ];
  for (const [suite, count] of counts) {
    const goal = goals[suite] ?? null;
    const counting = count.applies - count.own;
    rows.push([
      suite,
      `${count.tests}`,
      `${count.applies}`,
      `${count.own}`,
      `${count.passedAll}`,
      `${count.passedOff}`,
      `${count.applies - count.passedOff}`,
      counting === 0 ? '-' : `${((100 * count.passedGoal) / counting).toFixed(1)} %`,
      goal === null ? '-' : typeof goal === 'number' ? `${100 * goal} %` : goal,
      goal === null ? '' : meetsGoal(suite, count) ? 'met' : 'MISSED',
    ]);
  }
  return align(rows);
}
