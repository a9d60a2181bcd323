export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The time of one call in ms. */
export async function time(operation: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await operation();
  return performance.now() - began;
}

/** The median time of several calls in ms, after two that do not count. */
export async function medianTime(
  times: number,
  operation: (i: number) => Promise<unknown>,
): Promise<number> {
  const measured: number[] = [];
  for (let i = -2; i < times; i++) {
    const ms = await time(() => operation(i + 2));
    if (i >= 0) measured.push(ms);
  }
  return median(measured);
}

/**
 * How many times the time of `reference` an operation takes: both in turn, in small groups, so that what else
 * the machine does meets both; medians of each.
 */
export async function ratio(
  groups: number,
  reference: () => Promise<unknown>,
  operation: (i: number) => Promise<unknown>,
): Promise<number> {
  const groupSize = 20;
  const referenceTimes: number[] = [];
  const operationTimes: number[] = [];
  let i = 0;
  for (let group = -5; group < groups; group++) {
    for (let n = 0; n < groupSize; n++) {
      const one = await time(reference);
      if (group >= 0) referenceTimes.push(one);
    }
    for (let n = 0; n < groupSize; n++) {
      const one = await time(() => operation(i++));
      if (group >= 0) operationTimes.push(one);
    }
  }
  return median(operationTimes) / median(referenceTimes);
}
