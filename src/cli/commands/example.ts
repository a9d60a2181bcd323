import { exit, UserError } from '../../errors.ts';
import { packageRoot } from '../../package.ts';
import { examples } from '../../project/examples.ts';
import { quote } from '../../spec/names.ts';
import { didYouMean } from '../../spec/nearest.ts';
import { resolveFolder } from '../../spec/target.ts';
import { workingFolder } from '../folders.ts';
import type { Run } from '../run.ts';
import { emit } from './emit.ts';
import { withFlags } from './new.ts';

/** `example [name] [dir]`: lists the example projects, or emits one. */
export async function example(run: Run): Promise<number> {
  const { given, words } = run.invocation;
  const all = await examples(packageRoot());
  const [name, dir = name] = words;
  if (name === undefined || dir === undefined) {
    const width = Math.max(...all.map((one) => one.name.length));
    for (const one of all) run.report.line(`${one.name.padEnd(width)}  ${one.what}`);
    run.report.document({ examples: all.map((one) => ({ name: one.name, what: one.what })) });
    return exit.done;
  }
  const chosen = all.find((one) => one.name === name);
  if (chosen === undefined)
    throw new UserError(
      exit.usage,
      `there is no example ${quote(name)}`,
      didYouMean(
        name,
        all.map((one) => one.name),
      ),
    );
  const cwd = workingFolder(given.get('cwd'));
  return emit(withFlags(chosen.spec, run), resolveFolder(dir, cwd), cwd, run, chosen.own);
}
