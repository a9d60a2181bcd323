import type { Doc } from '../values/bson.ts';
import type { Connection } from '../commands/command.ts';
import { ServerError, unsupported } from '../errors.ts';

/** What a fail point does to one command or statement. */
export interface Failure {
  delayMs?: number;
  close?: boolean;
  error?: ServerError;
  writeConcernError?: Doc;
  /** Labels that take the place of those the server would give. */
  labels?: string[];
}

/** Thrown to cut the connection without an answer. */
export class CutConnection extends Error {}

/** A fail point that is set, with what is left of its mode. */
interface Setting {
  data: Doc;
  times: number;
  skip: number;
}

const KNOWN = ['failCommand', 'failGetMoreAfterCursorCheckout', 'onPrimaryTransactionalWrite'];

/** MongoDB's fail points that make chosen commands or statements fail, for tests of what a client does then. */
export class FailPoints {
  private readonly settings = new Map<string, Setting>();

  /** Sets or clears one. @throws ServerError 238 for a fail point that is not known */
  configure(name: unknown, mode: unknown, data: Doc = {}): void {
    if (typeof name !== 'string' || !KNOWN.includes(name))
      throw unsupported(`Fail point '${String(name)}'`);
    this.settings.delete(name);
    if (mode === 'off') return;
    const { times = Infinity, skip = 0 } = (
      typeof mode === 'object' && mode !== null ? mode : {}
    ) as Doc;
    this.settings.set(name, { data, times: Number(times), skip: Number(skip) });
  }

  /** What `failCommand` does to this command, which is counted; undefined: nothing. */
  command(name: string, command: Doc, connection: Connection): Failure | undefined {
    const data = this.settings.get('failCommand')?.data;
    if (!data || !((data['failCommands'] ?? []) as string[]).includes(name)) return undefined;
    const known = connection.client ?? (command['client'] as Doc | undefined);
    const application = (known?.['application'] as Doc | undefined)?.['name'];
    if ('appName' in data && data['appName'] !== application) return undefined;
    return this.take('failCommand') && failureOf(data);
  }

  /** @throws ServerError when `failGetMoreAfterCursorCheckout` says so */
  getMore(): void {
    const data = this.take('failGetMoreAfterCursorCheckout');
    if (data?.['closeConnection']) throw new CutConnection();
    if (data) throw failed(data['errorCode']);
  }

  /**
   * Runs one statement of a retryable write under `onPrimaryTransactionalWrite`, which fails it before it is done or
   * cuts the connection after.
   */
  statement(): { after: () => void } {
    const data = this.take('onPrimaryTransactionalWrite');
    const code = data?.['failBeforeCommitExceptionCode'];
    const cut = data !== undefined && data['closeConnection'] !== false;
    if (code !== undefined && cut) throw new CutConnection();
    if (code !== undefined) throw failed(code);
    return {
      after() {
        if (cut) throw new CutConnection();
      },
    };
  }

  private take(name: string): Doc | undefined {
    const setting = this.settings.get(name);
    if (!setting) return undefined;
    if (setting.skip > 0) {
      setting.skip--;
      return undefined;
    }
    if (setting.times <= 0) return undefined;
    setting.times--;
    return setting.data;
  }
}

function failed(code: unknown): ServerError {
  return new ServerError(Number(code), 'Failing because of a fail point');
}

function failureOf(data: Doc): Failure {
  const result: Failure = {};
  if (data['blockConnection']) result.delayMs = Number(data['blockTimeMS'] ?? 0);
  if (data['closeConnection']) result.close = true;
  if (data['errorCode'] !== undefined) result.error = failed(data['errorCode']);
  const concern = data['writeConcernError'] as Doc | undefined;
  if (concern) result.writeConcernError = { ...concern };
  const labels = data['errorLabels'] ?? concern?.['errorLabels'];
  if (Array.isArray(labels)) result.labels = labels as string[];
  return result;
}
