// Takes jobs and runs them, some at a time, beside the requests of this process.
import type { AppContext } from '../context.ts';
import { jobKinds } from '../jobs.ts';
import type { Stop, Worker } from '../ops/process.ts';
import { Hopeless, type JobKind } from './job.ts';
import { claim, type Lease, type Nature } from './lease.ts';
import { signalsOf } from './queue.ts';
import { schedule } from './schedule.ts';

/** How often it looks for jobs that came from other processes, or whose pause is over. */
const lookMs = 1_000;
/** How often the lease of a running job is renewed. */
const beatMs = 3_000;
/** How long a stopping process waits for its jobs, and how long then for their functions to notice. */
const patience = { finishMs: 10_000, leaveMs: 500 };

/** Why the function of a job was told to leave. */
type Reason = 'cancelled' | 'lost' | 'stopping';

interface Running {
  readonly lease: Lease;
  readonly leave: AbortController;
  readonly ended: Promise<void>;
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Renews the lease until it is told to stop; tells the function when that fails or somebody cancels. */
const keepAlive = (lease: Lease, leave: (reason: Reason) => void) => {
  const timer = setInterval(() => {
    lease.renew().then(
      (state) => {
        if (state !== 'held') leave(state === 'lost' ? 'lost' : 'cancelled');
      },
      // The database is away: when it is back, the next renewal tells whether another process has the job.
      () => undefined,
    );
  }, beatMs);
  return () => {
    clearInterval(timer);
  };
};

/** Runs one job to its end, and says in the database how it ended. */
const carryOut = async (
  context: AppContext,
  kind: JobKind,
  lease: Lease,
  controller: AbortController,
): Promise<void> => {
  const { job } = lease;
  const id = job._id.toHexString();
  const { traceparent, tracestate } = job;
  const traceId = traceparent?.split('-')[1];
  const log = context.log.child({ run: id, kind: job.kind, traceId });
  const { signal } = controller;
  const rest = keepAlive(lease, (reason) => {
    controller.abort(reason);
  });
  try {
    if (job.attempts > kind.attempts) throw new Error('the process ended while it ran');
    const result = await kind.run({
      id,
      input: job.input ?? null,
      traceparent,
      tracestate,
      attempt: job.attempts,
      context,
      signal,
      log: async (text) => {
        log.info({}, text);
        await lease.log(text);
      },
      progress: (done) => lease.progress(done),
    });
    await lease.done(result);
  } catch (err) {
    const reason: unknown = signal.aborted ? signal.reason : undefined;
    if (reason === 'lost') return;
    if (reason === 'stopping') await lease.handBack();
    else if (reason === 'cancelled') await lease.cancelled();
    else if (job.attempts < kind.attempts && !(err instanceof Hopeless)) {
      log.warn({ err, attempt: job.attempts }, 'run failed, it is tried again');
      await lease.failed(messageOf(err), context.config.variables.JOB_RETRY_MS);
    } else {
      log.error({ err, attempt: job.attempts }, 'run failed for good');
      await lease.dead(messageOf(err));
    }
  } finally {
    rest();
  }
};

/**
 * Starts to work off the queue.
 *
 * @param kinds the jobs that this process can do; others are left to other processes
 * @returns how to stop it: running jobs get ten seconds, then they are handed back
 */
export const startWorker = (
  context: AppContext,
  kinds: ReadonlyMap<string, JobKind> = jobKinds,
  nature: Nature = { now: Date.now, random: Math.random },
  { finishMs, leaveMs } = patience,
): Stop => {
  const slots = context.config.variables.JOB_SLOTS;
  const signals = signalsOf(context);
  const running = new Map<string, Running>();
  const lookAtSchedule = schedule(context, kinds, nature.now());
  const stopped = new AbortController();
  let poked = false;
  let wake = () => {
    // Nobody sleeps yet.
  };
  const poke = () => {
    poked = true;
    wake();
  };
  const cancelHere = (id: string) => running.get(id)?.leave.abort('cancelled' satisfies Reason);

  const sleep = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, poked ? 0 : lookMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const begin = (lease: Lease, kind: JobKind) => {
    const id = lease.job._id.toHexString();
    const leave = new AbortController();
    const ended = carryOut(context, kind, lease, leave)
      .catch((err: unknown) => {
        context.log.error({ err, run: id }, 'how a run ended could not be said; it runs again');
      })
      .finally(() => {
        running.delete(id);
        poke();
      });
    running.set(id, { lease, leave, ended });
  };

  /** Takes what is due; whether there may be more. */
  const look = async (): Promise<boolean> => {
    await lookAtSchedule(nature.now());
    if (running.size >= slots) return false;
    const lease = await claim(context, [...kinds.keys()], nature);
    const kind = lease && kinds.get(lease.job.kind);
    if (!kind) return false;
    begin(lease, kind);
    return true;
  };

  const work = async () => {
    let reported = '';
    while (!stopped.signal.aborted) {
      poked = false;
      try {
        if (await look()) continue;
        reported = '';
      } catch (error) {
        const reason = messageOf(error);
        if (reason !== reported) context.log.warn({ reason }, 'cannot look for jobs, trying again');
        reported = reason;
        poked = false;
      }
      await sleep();
    }
  };

  signals.on('work', poke).on('cancel', cancelHere);
  const ended = work();
  const idle = (ms: number) =>
    Promise.race([Promise.all([...running.values()].map((one) => one.ended)), pause(ms)]);

  return async () => {
    stopped.abort();
    wake();
    await ended;
    signals.off('work', poke).off('cancel', cancelHere);
    await idle(finishMs);
    for (const { leave } of running.values()) leave.abort('stopping' satisfies Reason);
    await idle(leaveMs);
    await Promise.all([...running.values()].map(({ lease }) => lease.handBack()));
  };
};

/** Listed in app/workers.ts. */
export const jobWorker: Worker = (context) => startWorker(context);
