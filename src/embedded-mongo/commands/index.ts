import { aggregateCommands } from './aggregate.ts';
import { bulkCommands } from './bulk.ts';
import { catalogCommands } from './catalog.ts';
import type { Command } from './command.ts';
import { diagnosticCommands } from './diagnostics.ts';
import { explainCommands } from './explain.ts';
import { readCommands } from './read.ts';
import { sessionCommands } from './sessions.ts';
import { writeCommands } from './write.ts';

/** Every command this server answers, by name. */
export const commands: Readonly<Record<string, Command>> = {
  ...diagnosticCommands,
  ...sessionCommands,
  ...readCommands,
  ...writeCommands,
  ...bulkCommands,
  ...aggregateCommands,
  ...catalogCommands,
  ...explainCommands,
};
