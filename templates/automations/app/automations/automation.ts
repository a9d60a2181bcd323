// An automation: work that people, other programs or the clock start, and that can be watched at /api/runs.
import type { JsonObject, JsonValue } from '../core/field.ts';
import type { JobKind, Run } from '../jobs/job.ts';
import { everyMs } from '../jobs/schedule.ts';

export interface Automation {
  /** As in POST /api/automations/<name>/runs. */
  readonly name: string;
  readonly description?: string;
  /** `5m`, `2h`, `1d`: it also starts by itself, at whole multiples of that in UTC. */
  readonly every?: string;
  /** How often a run is tried before it is dead; three times unless said. */
  readonly attempts?: number;
  /** `input` is the body of the request that started it. What it returns is the result of the run. */
  readonly run: (run: Run<JsonObject>) => Promise<JsonValue | undefined>;
}

/** Declares an automation; listed in automations/index.ts. */
export const automation = (definition: Automation): Automation => definition;

/** The name of its jobs. */
export const kindOf = ({ name }: Automation): string => `automations/${name}`;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the worker does for it. */
export const jobOf = ({ every, attempts = 3, run }: Automation): JobKind => ({
  attempts,
  everyMs: every === undefined ? undefined : everyMs(every),
  run: (given) => run({ ...given, input: isJsonObject(given.input) ? given.input : {} }),
});
