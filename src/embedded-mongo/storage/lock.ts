import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = 'lock';

/** Directories that servers of this process use. */
const held = new Set<string>();

/** When a process began, where the system tells (Linux): a number that another process of the same id has not. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Whether the process that wrote a lock still runs. A lock without a process was not written to its end. */
function alive(pid: number, start: string): boolean {
  if (pid === process.pid || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === '' || start === startOf(pid);
}

/** Takes the directory for this process. @throws Error when another server that runs has it */
export function lock(dir: string): void {
  const path = join(dir, LOCK);
  const inUse = (pid: number) =>
    new Error(
      `The embedded database in ${dir} is in use by process ${pid}. If that is not so, delete ${path}.`,
    );
  if (held.has(dir)) throw inUse(process.pid);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, `${process.pid} ${startOf(process.pid)}`, { flag: 'wx' });
      held.add(dir);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [pid = '', start = ''] = readFileSync(path, 'utf8').trim().split(' ');
      if (attempt > 0 || alive(Number(pid), start)) throw inUse(Number(pid));
      rmSync(path, { force: true });
    }
  }
}

/** Lets go of a directory. */
export function unlock(dir: string): void {
  held.delete(dir);
  rmSync(join(dir, LOCK), { force: true });
}
