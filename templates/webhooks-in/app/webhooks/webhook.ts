// A webhook: signed requests by which another system tells this one what happened there.
import type { Config } from '../../config.ts';
import type { JsonObject, JsonValue } from '../core/field.ts';
import type { JobKind, Run } from '../jobs/job.ts';

/** What came. Its signature was right when it came. */
export interface Delivery {
  /** The same whenever the sender sends it again. */
  readonly id: string;
  /** GitHub's X-GitHub-Event; empty with senders that say it in the payload. */
  readonly event: string;
  readonly payload: JsonValue;
}

export interface Webhook {
  /** As in POST /webhooks/<name>. */
  readonly name: string;
  /** `github`: X-Hub-Signature-256 over the body. `standard`: Standard Webhooks, over id, time and body. */
  readonly scheme: 'github' | 'standard';
  /** What the sender signs with; without one nothing is accepted. */
  readonly secret: (variables: Config['variables']) => string | undefined;
  /**
   * The work, after the sender was told 202. When it throws it is tried again, eight times within half a day; then it
   * is dead, until the sender sends it again or somebody retries the run.
   */
  readonly receive: (delivery: Delivery, run: Run) => Promise<JsonValue | undefined>;
}

/** Declares a webhook; listed in webhooks/index.ts. */
export const webhook = (definition: Webhook): Webhook => definition;

/** The name of its jobs. */
export const kindOf = ({ name }: Webhook): string => `webhooks/${name}`;

/** What its jobs carry. The payload is text: its keys may be such as no document can have. */
export interface Received extends JsonObject {
  readonly id: string;
  readonly event: string;
  readonly body: string;
}

const isReceived = (input: JsonValue): input is Received =>
  typeof input === 'object' && input !== null && 'body' in input;

const attempts = 8;

/** What the worker does for it. */
export const jobOf = ({ receive }: Webhook): JobKind => ({
  attempts,
  run: (run) => {
    if (!isReceived(run.input)) throw new Error('the job holds no delivery');
    const { id, event, body } = run.input;
    return receive({ id, event, payload: JSON.parse(body) as JsonValue }, run);
  },
});
