export interface Row {
  what: string;
  measured: number;
  goal: number;
  unit: string;
  /** True where more is better. */
  atLeast?: boolean;
}

/** Whether a row reaches its goal with `slack` (1: exactly the goal; 2: twice the time is allowed). */
export function meets({ measured, goal, atLeast }: Row, slack: number): boolean {
  return atLeast ? measured * slack >= goal : measured <= goal * slack;
}

const show = (value: number): string =>
  value >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en')
    : value.toPrecision(3);

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

/** The rows as aligned text, each with its goal and whether it is met. */
export function table(rows: Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    `${show(row.measured)} ${row.unit}`,
    `${row.atLeast ? '>=' : '<='} ${show(row.goal)} ${row.unit}`,
    meets(row, 1) ? 'pass' : 'MISS',
  ]);
  return align([['what', 'measured', 'goal', ''], ...cells]);
}
