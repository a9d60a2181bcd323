/** Middle value; the mean of the two middle values when the count is even. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
};

/** First and third quartile, as the noise to print beside a median. */
export const quartiles = (values: readonly number[]): readonly [number, number] => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return [at(0.25), at(0.75)];
};

/** One line of a result: name, figure, noise, goal, and whether it is reached. */
export const line = (
  name: string,
  values: readonly number[],
  unit: string,
  goal?: { text: string; reached: (value: number) => boolean },
): string => {
  const value = median(values);
  const [low, high] = quartiles(values);
  const noise = `(quartiles ${low.toFixed(2)} to ${high.toFixed(2)}, n ${values.length})`;
  const verdict = goal ? `  goal ${goal.text}: ${goal.reached(value) ? 'reached' : 'MISSED'}` : '';
  return `${name.padEnd(44)} ${value.toFixed(2)} ${unit} ${noise}${verdict}`;
};
