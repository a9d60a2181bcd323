// One event to one subscriber: signed, tried again while it fails, given up when the receiver says so.
import { ObjectId, type Collection } from 'mongodb';
import type { Context } from '../core/context.ts';
import type { JsonObject, JsonValue } from '../core/field.ts';
import type { Stored } from '../core/model.ts';
import { Hopeless, type JobKind } from '../jobs/job.ts';
import { webhookSubscription } from '../models/webhook-subscription.ts';
import { AddressRefused, createOutbound, type Outbound } from '../ops/outbound.ts';
import { signedHeaders } from '../ops/signature.ts';

export const deliveryKind = 'deliveries';

export type Subscription = Stored<typeof webhookSubscription>;

export const subscriptionsOf = ({ db }: Pick<Context, 'db'>): Collection<Subscription> =>
  db.collection<Subscription>(webhookSubscription.collection);

interface Delivery extends JsonObject {
  readonly subscription: string;
  readonly id: string;
  readonly body: string;
}

const isDelivery = (input: JsonValue): input is Delivery =>
  typeof input === 'object' && input !== null && 'subscription' in input;

/** The receiver is gone for good (410): it gets nothing more until somebody enables the subscription again. */
const disable = async (context: Context, { _id }: Subscription): Promise<void> => {
  await subscriptionsOf(context).updateOne(
    { _id },
    {
      $set: { enabled: false, reason: 'The receiver answered 410 Gone', updatedAt: new Date() },
      $inc: { _rev: 1 },
    },
  );
};

/** @param outboundOf how to call addresses that users gave; tests have a way of their own */
export const deliveryJob = (outboundOf: (context: Context) => Outbound): JobKind => ({
  attempts: 10,
  run: async ({ input, traceparent, tracestate, context }) => {
    if (!isDelivery(input)) throw new Hopeless('the job holds no delivery');
    const _id = new ObjectId(input.subscription);
    const subscription = await subscriptionsOf(context).findOne(
      { _id },
      { maxTimeMS: context.config.limits.queryMs },
    );
    if (subscription?.enabled !== true) return { skipped: 'the subscription is off or gone' };
    const { url, secret } = subscription;
    const seconds = Math.floor(Date.now() / 1000);
    const { status } = await outboundOf(context)(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/cloudevents+json; charset=utf-8',
        ...(traceparent !== undefined && { traceparent }),
        ...(tracestate !== undefined && { tracestate }),
        ...signedHeaders(secret, input.id, seconds, input.body),
      },
      body: input.body,
    }).catch((error: unknown) => {
      if (error instanceof AddressRefused) throw new Hopeless(error.message);
      throw error;
    });
    if (status === 410) await disable(context, subscription);
    else if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`);
    return { status };
  },
});

/** Calls go out as the configuration allows. */
export const sendDelivery = deliveryJob(({ config }) => createOutbound(config));
