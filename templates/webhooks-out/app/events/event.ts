// What is told to subscribers: CloudEvents 1.0, in JSON.
import { randomUUID } from 'node:crypto';
import { codec } from '../core/bson.ts';
import type { Context } from '../core/context.ts';
import type { Model } from '../core/model.ts';
import type { Change } from '../core/witness.ts';
import { webhookSubscription } from '../models/webhook-subscription.ts';

export const kinds = ['created', 'updated', 'deleted'] as const satisfies readonly Change['kind'][];

/** An event and its text, which stays the same however often it is sent. */
export interface Event {
  readonly id: string;
  /** `product.created` */
  readonly type: string;
  readonly body: string;
}

/** Subscriptions are nobody's business but that of operators. */
export const isPublic = (model: Model): boolean => model.name !== webhookSubscription.name;

/** One event for each document: what the API would answer for it, or, for a deleted one, would have answered. */
export const eventsOf = ({ config }: Context, { kind, model, documents }: Change): Event[] => {
  const type = `${model.name}.${kind}`;
  const { answer } = codec(model);
  return documents.map((document) => {
    const id = randomUUID();
    const data = answer(document);
    const body = JSON.stringify({
      specversion: '1.0',
      id,
      source: `${config.publicUrl ?? ''}/api${model.path}`,
      type,
      subject: data._id,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    });
    return { id, type, body };
  });
};

/** What a subscription may say to get events of this type. */
export const wordsFor = (type: string): string[] => ['*', type.replace(/\w+$/, '*'), type];

/** Every word that a subscription may say. */
export const words = (models: readonly Model[]): ReadonlySet<string> =>
  new Set(
    models
      .filter(isPublic)
      .flatMap(({ name }) => kinds.flatMap((kind) => wordsFor(`${name}.${kind}`))),
  );
