import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from './stage-name.ts';

/** Who holds a lock: enough to tell a process that runs from one that does not, on this machine and since it started. */
export interface Owner {
  /** Random digits: the same for no two locks. */
  readonly nonce: string;
  readonly pid: number;
  readonly host: string;
  /** A hash that two machines of one name do not share, where the system tells it. */
  readonly machine: string;
  /** When the process started, in ticks since the machine did; a process id is given again. */
  readonly startTime?: string;
  readonly bootId?: string;
  /** The pid namespace: a container counts its processes on its own. */
  readonly space?: string;
  readonly cmd: string;
  readonly at: string;
}

/** This process as an owner. */
export function self(nonce: string, cmd: string, at: string): Owner {
  const { startTime, bootId, space } = { ...place(), startTime: startOf(process.pid) };
  return {
    nonce,
    pid: process.pid,
    host: hostname(),
    machine: machineId(),
    ...(startTime !== undefined && { startTime }),
    ...(bootId !== undefined && { bootId }),
    ...(space !== undefined && { space }),
    cmd,
    at,
  };
}

/** Whether the process of an owner certainly no longer runs; of another machine nothing is certain. */
export function isGone(owner: Owner): boolean {
  if (owner.machine !== machineId()) return false;
  const { bootId, space } = place();
  if (owner.bootId !== bootId) return true;
  if (owner.space !== space) return false;
  return !isAlive(owner.pid) || owner.startTime !== startOf(owner.pid);
}

/** Reads an owner; `undefined` for anything else. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    const { nonce, pid, host, machine, cmd, at } = owner ?? {};
    const isOwner =
      [nonce, host, machine, cmd, at].every((one) => typeof one === 'string') &&
      /^[0-9a-f]{16}$/.test(nonce ?? '') &&
      Number.isInteger(pid);
    return isOwner ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

function machineId(): string {
  const id = lineOf('/etc/machine-id') ?? '';
  return createHash('sha256').update(`${hostname()}\n${id}`).digest('hex').slice(0, 16);
}

function place(): Pick<Owner, 'bootId' | 'space'> {
  const bootId = lineOf('/proc/sys/kernel/random/boot_id');
  const space = namespace();
  return { ...(bootId !== undefined && { bootId }), ...(space !== undefined && { space }) };
}

function namespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** The 22nd value of /proc/<pid>/stat; the second is a name in brackets that may hold blanks and brackets itself. */
function startOf(pid: number): string | undefined {
  const line = lineOf(`/proc/${pid}/stat`);
  return line?.slice(line.lastIndexOf(')') + 2).split(' ')[19];
}

function lineOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
