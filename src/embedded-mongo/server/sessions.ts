import { Binary } from 'mongodb';

import type { Doc } from '../values/bson.ts';
import { ServerError } from '../errors.ts';
import type { Store } from '../storage/store.ts';
import type { Transaction } from '../storage/transactions.ts';

const SESSION_LIFE_MS = 30 * 60_000;
/** Sessions beyond this push out the oldest. */
const MAX_SESSIONS = 20_000;
const TRANSACTION_LIFE_MS = 60_000;

/** A logical session: the transaction in it and what its last retryable write did. */
export class Session {
  readonly lsid: Doc;
  lastUse = Date.now();
  txnNumber = -1n;
  /** Outcome of each statement of the newest retryable write, by statement number. */
  statements = new Map<number, unknown>();
  state: 'none' | 'open' | 'committed' | 'aborted' = 'none';
  txn: Transaction | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(lsid: Doc) {
    this.lsid = lsid;
  }

  /** Starts a transaction in the session. */
  start(store: Store): Transaction {
    this.txn = store.begin();
    this.state = 'open';
    this.timer = setTimeout(() => this.abort(), TRANSACTION_LIFE_MS).unref();
    return this.txn;
  }

  /** Commits the open transaction. */
  commit(): void {
    clearTimeout(this.timer);
    this.txn?.commit({ lsid: this.lsid, txnNumber: this.txnNumber });
    this.txn = undefined;
    this.state = 'committed';
  }

  /** Aborts the open transaction, if there is one. */
  abort(): void {
    if (this.state !== 'open') return;
    clearTimeout(this.timer);
    this.txn?.abort();
    this.txn = undefined;
    this.state = 'aborted';
  }

  /** Takes the number of a new retryable write or transaction, which ends the one before. */
  advance(txnNumber: bigint): void {
    if (txnNumber < this.txnNumber) {
      throw new ServerError(
        225,
        `Cannot start transaction ${txnNumber} on session because a newer transaction ${this.txnNumber} has already started.`,
      );
    }
    if (txnNumber === this.txnNumber) return;
    this.abort();
    this.txnNumber = txnNumber;
    this.statements = new Map();
    this.state = 'none';
  }
}

function noSuchTransaction(txnNumber: bigint, how: string): ServerError {
  return new ServerError(
    251,
    `Given transaction number ${txnNumber} does not match any in-progress transactions. ${how}`,
    { labels: ['TransientTransactionError'] },
  );
}

/** What the session fields of a command say. */
export interface SessionUse {
  session: Session | undefined;
  /** The open transaction that the command is part of. */
  txn: Transaction | undefined;
  /** Whether the command is a write that may be sent again. */
  retryable: boolean;
}

/** The sessions of all clients. */
export class Sessions {
  readonly all = new Map<string, Session>();
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
  }

  /**
   * Finds the session and transaction of a command, which may start one.
   * @param ending whether the command commits or aborts: it needs no open transaction
   */
  enter(command: Doc, ending: boolean): SessionUse {
    const lsid = command['lsid'] as Doc | undefined;
    if (!lsid) {
      if ('txnNumber' in command) {
        throw new ServerError(72, 'Transaction number requires a session ID to also be specified');
      }
      return { session: undefined, txn: undefined, retryable: false };
    }
    const session = this.get(lsid);
    if (!('txnNumber' in command)) return { session, txn: undefined, retryable: false };
    const txnNumber = BigInt(String(command['txnNumber']));
    if (command['autocommit'] !== false) {
      if ('autocommit' in command || 'startTransaction' in command) {
        throw new ServerError(72, "'startTransaction' and 'autocommit' need autocommit: false");
      }
      session.advance(txnNumber);
      return { session, txn: undefined, retryable: true };
    }
    return {
      session,
      txn: this.transaction(session, txnNumber, command, ending),
      retryable: false,
    };
  }

  private transaction(
    session: Session,
    txnNumber: bigint,
    command: Doc,
    ending: boolean,
  ): Transaction | undefined {
    if (command['startTransaction'] === true) {
      if (txnNumber === session.txnNumber && session.state !== 'none') {
        throw new ServerError(
          117,
          `Transaction ${txnNumber} has already been started or ended in this session`,
        );
      }
      session.advance(txnNumber);
      return session.start(this.store);
    }
    if (txnNumber < session.txnNumber) session.advance(txnNumber);
    if (txnNumber > session.txnNumber) throw noSuchTransaction(txnNumber, 'It was never started.');
    if (session.state === 'open') return session.txn;
    if (ending && session.state !== 'none') return undefined;
    if (session.state === 'committed') {
      throw new ServerError(
        256,
        `Transaction with { txnNumber: ${txnNumber} } has been committed.`,
      );
    }
    throw noSuchTransaction(
      txnNumber,
      `Transaction with { txnNumber: ${txnNumber} } has been aborted.`,
    );
  }

  /** The session with this id; a new one when it was not known. */
  get(lsid: Doc): Session {
    const id = sessionKey(lsid);
    let session = this.all.get(id);
    if (!session) {
      this.all.set(id, (session = new Session(lsid)));
      const [oldest] = this.all.values();
      if (this.all.size > MAX_SESSIONS && oldest) this.end([oldest.lsid]);
    }
    session.lastUse = Date.now();
    return session;
  }

  /** Ends sessions: open transactions abort. */
  end(lsids: readonly Doc[]): void {
    for (const lsid of lsids) {
      const id = sessionKey(lsid);
      this.all.get(id)?.abort();
      this.all.delete(id);
    }
  }

  /** Ends sessions that were idle for half an hour. */
  expire(now: number): void {
    for (const session of this.all.values()) {
      if (now - session.lastUse > SESSION_LIFE_MS) this.end([session.lsid]);
    }
  }
}

/** A text that identifies a session. @throws ServerError 14 when the id is not a UUID */
function sessionKey(lsid: Doc): string {
  const id = lsid['id'];
  if (!(id instanceof Binary)) throw new ServerError(14, 'lsid.id must be a UUID');
  return id.toString('hex');
}
