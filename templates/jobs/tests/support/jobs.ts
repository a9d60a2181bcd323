/** Jobs under test: one function called as the worker calls it, or a whole worker that is waited for. */
import type { AppContext } from '../../app/context.ts';
import type { JsonObject, JsonValue } from '../../app/core/field.ts';
import type { Job, Run } from '../../app/jobs/job.ts';
import { jobsOf } from '../../app/jobs/queue.ts';

/** Calls the function of a job once, and tells what it returned, logged and said of its progress. */
export async function perform(
  context: AppContext,
  run: (run: Run<JsonObject>) => Promise<JsonValue | undefined>,
  input: JsonObject = {},
) {
  const log: string[] = [];
  const done: number[] = [];
  const result = await run({
    id: '0'.repeat(24),
    input,
    attempt: 1,
    context,
    signal: new AbortController().signal,
    log: (text) => Promise.resolve(void log.push(text)),
    progress: (part) => Promise.resolve(void done.push(part)),
  });
  return { result, log, done };
}

/** Waits until a job is in one of the states; the time limit of the test is the limit. */
export async function waitFor(
  context: AppContext,
  { _id }: Pick<Job, '_id'>,
  ...states: readonly Job['state'][]
): Promise<Job> {
  for (;;) {
    const job = await jobsOf(context).findOne({ _id });
    if (job !== null && states.includes(job.state)) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
