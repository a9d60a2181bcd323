import type { Failure } from '../ops/metrics.ts';
import type { Watch } from '../ops/process.ts';
import type { Alert } from './alerts.ts';
import { between, takeSnapshot, type Reading, type Snapshot } from './readings.ts';

/** A failure, and when its answer was out. */
type TimedFailure = Failure & { readonly time: string };

/** Rates and percentiles are those of the last so many milliseconds. */
const windowMs = 10_000;
const mostReadings = 60;
const mostFailures = 20;

const keepLast = <T>(list: T[], most: number) => list.splice(0, list.length - most);

const createBoard = ({ health, metrics }: Watch) => {
  const snapshots: Snapshot[] = [];
  const history: Reading[] = [];
  const failures: TimedFailure[] = [];

  metrics.failures.on('failure', ({ method, path, status, code, requestId }) => {
    const time = new Date().toISOString();
    failures.push({ time, method, path: path.slice(0, 200), status, code, requestId });
    keepLast(failures, mostFailures);
  });

  /** Throws away what is older than the one to compare with. */
  const older = (at: number) => {
    while ((snapshots[1]?.at ?? Infinity) <= at - windowMs) snapshots.shift();
    return snapshots[0];
  };

  return {
    /** Set by whoever judges the rules. */
    alerts: [] as readonly Alert[],
    history: history as readonly Reading[],
    failures: failures as readonly TimedFailure[],
    async read(): Promise<Reading> {
      const newer = await takeSnapshot(metrics);
      const reading = between(older(newer.at), newer, await health.database());
      snapshots.push(newer);
      return reading;
    },
    /** Keeps a reading for those who look later. */
    remember(reading: Reading): void {
      history.push(reading);
      keepLast(history, mostReadings);
    },
  };
};

export type Board = ReturnType<typeof createBoard>;

const boards = new WeakMap<Watch['metrics'], Board>();

/** The one board of a process: the page and the rules are started apart from each other, and meet here. */
export const boardOf = (watch: Watch): Board => {
  const board = boards.get(watch.metrics) ?? createBoard(watch);
  boards.set(watch.metrics, board);
  return board;
};
