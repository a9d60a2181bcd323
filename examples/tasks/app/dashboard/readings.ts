// A few numbers out of the registry of /metrics: what the page draws and what the rules of the alerts look at.
import type { Metrics } from '../ops/metrics.ts';
import { addTo, quantile, read, since, type Series } from './series.ts';

/** The registry at one moment. */
export interface Snapshot {
  /** Milliseconds since the process began, by a clock that is never set. */
  readonly at: number;
  /** By method and route. */
  readonly routes: ReadonlyMap<string, Series>;
  readonly commands: Series;
  readonly gauges: Gauges;
}

/** What is as it is now, whatever it was before. */
interface Gauges {
  readonly inFlight: number;
  readonly poolOpen: number;
  readonly poolUsed: number;
  readonly poolWaiting: number;
  /** Seconds. */
  readonly eventLoopDelay: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

/** How requests, or database commands, went. Rates are a second, times in seconds, missing where nothing came. */
export interface Flow {
  readonly rate: number;
  /** Of them, from 0 to 1. */
  readonly failed: number;
  readonly mean?: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

export type RouteFlow = Flow & { readonly route: string };

/** How the process is doing: `Gauges` now, the rest over the last seconds. */
export interface Reading extends Gauges {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** `at` of the newer snapshot. */
  readonly at: number;
  readonly requests: Flow;
  readonly database: Flow & { readonly down: boolean };
  /** The busiest first. */
  readonly routes: readonly RouteFlow[];
}

/** Requests that only ask how the process is doing. */
const watching = /^\S+ \/(?:livez|readyz|startupz|health|metrics|dashboard)(?:\/|$)/;
const mostRoutes = 20;

/** Reads what is needed and no more: the lag of prom-client begins anew with each reading, and belongs to /metrics. */
export const takeSnapshot = async ({ registry }: Metrics): Promise<Snapshot> => {
  const gauge = async (name: string) => {
    const metric = await registry.getSingleMetric(name)?.get();
    return metric?.values[0]?.value ?? 0;
  };
  // This one sets those beside it.
  await gauge('nodejs_heap_size_total_bytes');
  const routes = await read(
    registry,
    'http_request_duration_seconds',
    ({ method, route }) => `${method} ${route}`,
    ({ status }) => Number(status) >= 500,
  );
  const commands = await read(
    registry,
    'mongodb_command_duration_seconds',
    () => '',
    ({ outcome }) => outcome === 'failure',
  );
  return {
    at: performance.now(),
    routes: new Map([...routes].filter(([route]) => !watching.test(route))),
    commands: addTo(undefined, commands.values()),
    gauges: {
      inFlight: await gauge('http_requests_in_flight'),
      poolOpen: await gauge('mongodb_pool_connections'),
      poolUsed: await gauge('mongodb_pool_connections_in_use'),
      poolWaiting: await gauge('mongodb_pool_waiting'),
      eventLoopDelay: await gauge('nodejs_eventloop_delay_seconds'),
      residentBytes: await gauge('process_resident_memory_bytes'),
      heapBytes: await gauge('nodejs_heap_size_used_bytes'),
    },
  };
};

const flowOf = (series: Series, seconds: number): Flow => ({
  rate: series.count / seconds,
  failed: series.count === 0 ? 0 : series.failed / series.count,
  ...(series.count > 0 && {
    mean: series.seconds / series.count,
    p50: quantile(series, 0.5),
    p95: quantile(series, 0.95),
    p99: quantile(series, 0.99),
  }),
});

/** What happened between two snapshots. Without an older one: since the process began. */
export const between = (
  older: Snapshot | undefined,
  newer: Snapshot,
  databaseUp: boolean,
): Reading => {
  const seconds = (newer.at - (older?.at ?? 0)) / 1_000;
  const routes = new Map(
    [...newer.routes].map(([route, series]) => [route, since(older?.routes.get(route), series)]),
  );
  const all = addTo(undefined, routes.values());
  return {
    time: Date.now(),
    at: newer.at,
    ...newer.gauges,
    requests: flowOf(all, seconds),
    database: { ...flowOf(since(older?.commands, newer.commands), seconds), down: !databaseUp },
    routes: [...routes]
      .filter(([, series]) => series.count > 0)
      .map(([route, series]) => ({ route, ...flowOf(series, seconds) }))
      .sort((a, b) => b.rate - a.rate)
      .slice(0, mostRoutes),
  };
};
