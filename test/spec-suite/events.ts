import type { MongoClient } from 'mongodb';
import { copyPlain } from './copy.ts';
import { onlyEntry, type ExpectedEvents, type Json } from './format.ts';
import { Mismatch, match, type MatchContext } from './match.ts';

/** Format name -> driver event; the first three are command events, the others pool events. */
const driverEvents = {
  commandStartedEvent: 'commandStarted',
  commandSucceededEvent: 'commandSucceeded',
  commandFailedEvent: 'commandFailed',
  connectionCheckOutStartedEvent: 'connectionCheckOutStarted',
  connectionCheckedOutEvent: 'connectionCheckedOut',
  connectionCheckedInEvent: 'connectionCheckedIn',
  connectionReadyEvent: 'connectionReady',
} as const;

const sensitive = new Set([
  'authenticate',
  'saslStart',
  'saslContinue',
  'getnonce',
  'createUser',
  'updateUser',
  'hello',
  'ismaster',
  'isMaster',
  'configureFailPoint',
]);

interface Observed {
  type: string;
  event: Json;
}

/** Events of one client entity, in the order they came. */
export class EventLog {
  readonly events: Observed[] = [];
  connectionsCheckedOut = 0;

  constructor(client: MongoClient, observe: string[], ignore: string[]) {
    const ignored = new Set([...ignore, ...sensitive]);
    for (const type of observe) {
      const name = driverEvents[type as keyof typeof driverEvents];
      if (name === undefined) throw new Error(`event ${type} is not known`);
      client.on(name as 'commandStarted', (event) => {
        if (ignored.has(event.commandName)) return;
        // Copied, because the driver may change a command after it was sent (retries do).
        this.events.push({ type, event: copyPlain({ ...event } as unknown as Json) });
      });
    }
    client.on('connectionCheckedOut', () => this.connectionsCheckedOut++);
    client.on('connectionCheckedIn', () => this.connectionsCheckedOut--);
  }

  commands(): Json[] {
    return this.events
      .filter(({ type }) => type === 'commandStartedEvent')
      .map(({ event }) => event['command'] as Json);
  }
}

/** Compares the events of a client with those a test expects, in order. */
export function matchEvents(expected: ExpectedEvents, log: EventLog, context: MatchContext): void {
  const isCommand = (type: string) => type.startsWith('command');
  const actual = log.events.filter(
    ({ type }) => isCommand(type) === (expected.eventType !== 'cmap'),
  );
  const names = actual.map(({ type, event }) =>
    `${type} ${String(event['commandName'] ?? '')}`.trim(),
  );
  if (
    expected.events.length > actual.length ||
    (!expected.ignoreExtraEvents && expected.events.length < actual.length)
  ) {
    throw new Mismatch(
      `events: expected ${expected.events.length}, got ${actual.length}: ${names.join(', ')}`,
    );
  }
  for (const [i, one] of expected.events.entries()) {
    const [type, fields] = onlyEntry(one);
    const observed = actual[i];
    if (observed?.type !== type)
      throw new Mismatch(`event ${i}: expected ${type}, got ${names[i]}`);
    for (const [key, value] of Object.entries(fields)) {
      match(value, observed.event[key], context, `event ${i} ${key}`, true);
    }
  }
}
