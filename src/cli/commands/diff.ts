import { relative, sep } from 'node:path';
import { refuseTorn } from '../../apply/recover.ts';
import type { Change } from '../../apply/change.ts';
import { exit } from '../../errors.ts';
import { diffProject } from '../../project/diff.ts';
import { utf8Text } from '../../utf8.ts';
import { patchOf } from '../patch.ts';
import { workingFolder } from '../folders.ts';
import { toolsOf } from '../change/tools.ts';
import type { Run } from '../run.ts';

/** `diff [path]`: the user's edits of emitted files as a patch; with `--json` what waits to be applied as well. Only reads. */
export async function diff(run: Run): Promise<number> {
  const { report, invocation } = run;
  const [typed] = invocation.words;
  const tools = toolsOf(run);
  await refuseTorn(tools.root);
  const folder = relative(tools.root, workingFolder(invocation.given.get('cwd')));
  const { yours, pending } = await diffProject(tools, typed, folder.split(sep).join('/'));
  if (!invocation.given.has('json')) report.raw(patchOf(yours));
  report.document({ yours: yours.map(patchRow), pending: pending.map(patchRow) });
  return exit.done;
}

function patchRow(change: Change): object {
  return { path: change.path, patch: utf8Text(patchOf([change])) };
}
