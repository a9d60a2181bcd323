import { Binary, UUID } from 'mongodb';

import type { Doc } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import { names, type Command, type Context } from './command.ts';

/** The session of a commit or abort. @throws ServerError 125 outside of a transaction */
function ending(context: Context) {
  const { session, command, name } = context;
  if (!session || command['autocommit'] !== false) {
    throw new ServerError(125, `${name} must be run within a transaction`);
  }
  return session;
}

const commitTransaction: Command = {
  fields: names('recoveryToken'),
  inTransaction: true,
  admin: true,
  run(context) {
    const session = ending(context);
    if (session.state === 'aborted') {
      throw new ServerError(
        251,
        `Transaction with { txnNumber: ${session.txnNumber} } has been aborted.`,
        {
          labels: ['TransientTransactionError'],
        },
      );
    }
    if (session.state === 'open') {
      context.engine.cursors.killOwned(session);
      session.commit();
    }
    return {};
  },
};

const abortTransaction: Command = {
  fields: names('recoveryToken'),
  inTransaction: true,
  admin: true,
  run(context) {
    const session = ending(context);
    if (session.state === 'committed') {
      throw new ServerError(
        256,
        `Transaction with { txnNumber: ${session.txnNumber} } has been committed.`,
      );
    }
    if (session.state === 'aborted') {
      throw new ServerError(
        251,
        `Transaction with { txnNumber: ${session.txnNumber} } has been aborted.`,
      );
    }
    context.engine.cursors.killOwned(session);
    session.abort();
    return {};
  },
};

function sessionList(context: Context): Doc[] {
  const list = context.command[context.name];
  if (!Array.isArray(list))
    throw new ServerError(14, `BSON field '${context.name}' must be an array`);
  return list as Doc[];
}

function end(context: Context): Doc {
  for (const lsid of sessionList(context)) {
    const session = context.engine.sessions.get(lsid);
    context.engine.cursors.killOwned(session);
    context.engine.sessions.end([lsid]);
  }
  return {};
}

export const sessionCommands: Record<string, Command> = {
  startSession: {
    fields: [],
    run: () => ({ id: { id: new Binary(new UUID().buffer, 4) }, timeoutMinutes: 30 }),
  },
  endSessions: { fields: [], run: end },
  killSessions: { fields: [], run: end },
  refreshSessions: {
    fields: [],
    run(context) {
      for (const lsid of sessionList(context)) context.engine.sessions.get(lsid);
      return {};
    },
  },
  killAllSessions: {
    fields: [],
    run(context) {
      const all = [...context.engine.sessions.all.values()];
      for (const session of all) context.engine.cursors.killOwned(session);
      context.engine.sessions.end(all.map(({ lsid }) => lsid));
      return {};
    },
  },
  commitTransaction,
  abortTransaction,
};
