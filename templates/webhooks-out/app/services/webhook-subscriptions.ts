import { isIP } from 'node:net';
import type { Context } from '../core/context.ts';
import { crud } from '../core/crud.ts';
import type { FieldError } from '../core/field.ts';
import { problem } from '../core/problems.ts';
import type { Subscription } from '../events/delivery.ts';
import { words } from '../events/event.ts';
import { webhookSubscription } from '../models/webhook-subscription.ts';
import { isPublicAddress } from '../ops/addresses.ts';

/** What no delivery could ever reach is refused now; names are looked up, and checked, with each delivery. */
const addressMistake = (url: string): string | undefined => {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:') return 'Url must begin with https://';
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host)
    ? 'Url must name a host of the Internet'
    : undefined;
};

/** The rules of /webhooks: an address that can be called, events that exist. */
export const webhookSubscriptions = (context: Context) => {
  const known = words(context.models);

  const mistakes = ({ url, events = [] }: Subscription): FieldError[] => {
    const address = context.config.debug ? undefined : addressMistake(url);
    const unknown = events.flatMap((event, i) =>
      known.has(event)
        ? []
        : [{ pointer: `#/events/${i}`, code: 'enum', detail: `There is no event ${event}` }],
    );
    return address === undefined
      ? unknown
      : [{ pointer: '#/url', code: 'format', detail: address }, ...unknown];
  };

  return crud(context, webhookSubscription, {
    beforeWrite(next) {
      const errors = mistakes(next);
      if (errors.length > 0) throw problem('validation_error', undefined, { errors });
      if (next.enabled === true) delete next.reason;
    },
  });
};
