import { exit } from '../../errors.ts';
import { routes } from '../../project/routes.ts';
import { projectRoot, workingFolder } from '../folders.ts';
import type { Run } from '../run.ts';

/** `routes`: every route of the project around the working folder; nothing of it is run. */
export async function listRoutes({ invocation, report }: Run): Promise<number> {
  const rows = await routes(projectRoot(workingFolder(invocation.given.get('cwd'))));
  const table = rows.map(({ method, path, access, file, line }) => [
    method,
    path,
    access,
    line === undefined ? file : `${file}:${line}`,
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
  );
  for (const cells of table)
    report.line(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  report.document({ routes: rows });
  return exit.done;
}
