import { busyWith, holderOf, nameOf, type Holder } from '../apply/lock.ts';
import { interruptedRuns } from '../apply/recover.ts';
import { within } from '../apply/undo.ts';
import { failed, listed, type Check } from './doctor-check.ts';

/** What other runs of the tool do in a project, or have left there. */
export async function runChecks(root: string): Promise<readonly Check[]> {
  try {
    const holder = await within(root, async (folders) => holderOf(folders));
    return [lockCheck(holder), transactionCheck(await interruptedRuns(root))];
  } catch (error) {
    return [failed('.flask-style', error)];
  }
}

/** A lock of a process that is gone is no fault: the next run takes it over. */
function lockCheck(holder: Holder | undefined): Check {
  if (holder === undefined) return { ok: true, what: 'no other run holds the project' };
  const { owner, gone, file } = holder;
  if (gone)
    return {
      ok: true,
      what: `${nameOf(owner)} left its lock and no longer runs`,
      do: 'the next command takes it over',
    };
  if (owner === undefined)
    return { ok: false, what: 'the lock of the project cannot be read', do: `delete ${file}` };
  const { message, hint } = busyWith(owner, file);
  return { ok: false, what: message, ...(hint !== undefined && { do: hint }) };
}

function transactionCheck(ids: readonly string[]): Check {
  if (ids.length === 0) return { ok: true, what: 'no interrupted change' };
  return {
    ok: false,
    what: `interrupted transaction ${listed(ids)}`,
    do: 'run any command that changes the project: it finishes it or takes it back',
  };
}
