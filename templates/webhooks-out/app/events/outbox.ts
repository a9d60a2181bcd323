// The outbox: what happened is written down together with the change itself, and told to subscribers afterwards.
import type { JsonObject, JsonValue } from '../core/field.ts';
import type { Witness } from '../core/witness.ts';
import type { JobKind } from '../jobs/job.ts';
import { enqueue } from '../jobs/queue.ts';
import { deliveryKind, subscriptionsOf } from './delivery.ts';
import { eventsOf, isPublic, wordsFor, type Event } from './event.ts';

export const outboxKind = 'events';

/** Writes one job for a change, whatever the number of its documents. Listed in app/storage.ts. */
export const outbox: Witness = async (context, change, session) => {
  if (!isPublic(change.model)) return;
  const input: JsonObject[] = eventsOf(context, change).map((event) => ({ ...event }));
  const { trace: traceparent, tracestate } = change;
  await enqueue(context, { kind: outboxKind, input, traceparent, tracestate }, session);
};

const isEvent = (value: JsonValue): value is JsonObject & Event =>
  typeof value === 'object' && value !== null && 'body' in value;

/** Makes one delivery for each event and subscription; made twice, it is one by its key. */
export const outboxJob: JobKind = {
  attempts: 10,
  run: async ({ input, traceparent, tracestate, context, signal }) => {
    const events = Array.isArray(input) ? input.filter(isEvent) : [];
    const { queryMs: maxTimeMS } = context.config.limits;
    let deliveries = 0;
    for (const { id, type, body } of events) {
      const wanted = { enabled: true, events: { $in: wordsFor(type) } };
      const found = subscriptionsOf(context).find(wanted, { projection: { _id: 1 }, maxTimeMS });
      for await (const { _id } of found) {
        signal.throwIfAborted();
        const subscription = _id.toHexString();
        await enqueue(context, {
          kind: deliveryKind,
          key: `${subscription}:${id}`,
          input: { subscription, id, body },
          traceparent,
          tracestate,
        });
        deliveries += 1;
      }
    }
    return { events: events.length, deliveries };
  },
};
