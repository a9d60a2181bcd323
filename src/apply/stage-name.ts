import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Bytes of a target name that still leave room for the rest of a stage name within the 255 of a file system. */
const longest = 120;

/** A name for the stage of `name`: hidden, and telling whose it is, so that a later run can clean up after a kill. */
export function stageName(name: string): string {
  return `${prefix(name)}${machine()}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Whether `entry` is a stage of `name` whose process, of this machine, no longer runs. */
export function isStale(entry: string, name: string): boolean {
  if (!entry.startsWith(prefix(name))) return false;
  const [host, pid] = entry.slice(prefix(name).length).split('-');
  return host === machine() && !isAlive(Number(pid));
}

/** Whether a process of this machine runs; one of another user, which may not be asked, does. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Eight digits for this machine: a process id says nothing on a folder that two machines share. */
export function machine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function prefix(name: string): string {
  const short =
    Buffer.byteLength(name) > longest ? createHash('sha256').update(name).digest('hex') : name;
  return `.${short}.cfsa-`;
}
