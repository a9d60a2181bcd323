// Histograms of prom-client as plain numbers that can be added and taken from each other.
import type { Registry } from 'prom-client';

/** How often something took how long. */
export interface Series {
  readonly count: number;
  /** All of them together. */
  readonly seconds: number;
  readonly failed: number;
  /** By upper bound in seconds: how many took that long or less. */
  readonly buckets: ReadonlyMap<number, number>;
}

interface Growing {
  count: number;
  seconds: number;
  failed: number;
  readonly buckets: Map<number, number>;
}

type Labels = Readonly<Record<string, string | number | undefined>>;

const none: Series = { count: 0, seconds: 0, failed: 0, buckets: new Map() };

const combine = (a: Series, b: Series, sign: 1 | -1): Series => ({
  count: a.count + sign * b.count,
  seconds: a.seconds + sign * b.seconds,
  failed: a.failed + sign * b.failed,
  buckets: new Map(
    [...new Set([...a.buckets.keys(), ...b.buckets.keys()])].map((bound) => [
      bound,
      (a.buckets.get(bound) ?? 0) + sign * (b.buckets.get(bound) ?? 0),
    ]),
  ),
});

/** Several as one. */
export const addTo = (first: Series = none, others: Iterable<Series>): Series =>
  [...others].reduce((sum, series) => combine(sum, series, 1), first);

/** What came after `older`. */
export const since = (older: Series = none, newer: Series): Series => combine(newer, older, -1);

/**
 * The series of a histogram of the registry, those with the same key added up.
 *
 * @param failed whether what has these labels counts as failed
 */
export const read = async (
  registry: Registry,
  name: string,
  key: (labels: Labels) => string,
  failed: (labels: Labels) => boolean,
): Promise<ReadonlyMap<string, Series>> => {
  const metric = await registry.getSingleMetric(name)?.get();
  const found = new Map<string, Growing>();
  for (const sample of metric?.values ?? []) {
    const labels: Labels = sample.labels;
    const series = found.get(key(labels)) ?? { ...none, buckets: new Map<number, number>() };
    found.set(key(labels), series);
    const part = 'metricName' in sample ? sample.metricName : undefined;
    if (part === `${name}_sum`) series.seconds += sample.value;
    else if (part === `${name}_count`) {
      series.count += sample.value;
      if (failed(labels)) series.failed += sample.value;
    } else if (typeof labels['le'] === 'number') {
      const bound = labels['le'];
      series.buckets.set(bound, (series.buckets.get(bound) ?? 0) + sample.value);
    }
  }
  return found;
};

/**
 * The time within which a share of them was done, as Prometheus's `histogram_quantile` reckons: evenly spread within
 * a bucket, and the highest bound for what lies beyond it.
 */
export const quantile = ({ buckets, count }: Series, share: number): number => {
  const wanted = share * count;
  let lower = 0;
  let below = 0;
  for (const [bound, within] of buckets) {
    if (within >= wanted && within > below) {
      return lower + (bound - lower) * ((wanted - below) / (within - below));
    }
    lower = bound;
    below = within;
  }
  return lower;
};
