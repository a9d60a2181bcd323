import { exit } from '../../errors.ts';
import { doctor } from '../../project/doctor.ts';
import { toolsOf } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `doctor`: what is wrong with the project or this machine; exit 1 when something is. */
export async function examine(run: Run): Promise<number> {
  const { report } = run;
  const tools = toolsOf(run);
  const checks = await doctor(tools, process.env);
  for (const { ok, what, do: advice } of checks)
    report.line(`${ok ? '  ok' : 'FAIL'}  ${what}${advice === undefined ? '' : ` (${advice})`}`);
  report.document({ root: tools.root, checks });
  return checks.every(({ ok }) => ok) ? exit.done : exit.usage;
}
