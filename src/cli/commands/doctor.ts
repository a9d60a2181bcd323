import { exit } from '../../errors.ts';
import { doctor } from '../../project/doctor.ts';
import { projectRoot, workingFolder } from '../folders.ts';
import type { Run } from '../run.ts';

/** `doctor`: what is wrong with the project or this machine; exit 1 when something is. */
export async function examine({ invocation, report }: Run): Promise<number> {
  const root = projectRoot(workingFolder(invocation.given.get('cwd')));
  const checks = await doctor(root, process.env);
  for (const { ok, what, do: advice } of checks)
    report.line(`${ok ? '  ok' : 'FAIL'}  ${what}${advice === undefined ? '' : ` (${advice})`}`);
  report.document({ root, checks });
  return checks.every(({ ok }) => ok) ? exit.done : exit.usage;
}
