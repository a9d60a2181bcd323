import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceIn } from '../replace-in.ts';
import { packageTool } from './package.ts';
import { scratch } from './tool.ts';

/** The tool as a later version of it would be installed: a package of its own, with other templates. */
export async function laterTool(): Promise<string> {
  const { cli, templates } = await packageTool(scratch(), '9.0.0');
  changeTemplates(templates);
  return cli;
}

const notices = `import type { RequestHandler } from 'express';

/** Tells which layout answers. */
export const notices: RequestHandler = (_req, res, next) => {
  res.setHeader('X-Layout', '9');
  next();
};
`;

/** A constant, an import with its call, a new, a removed and a moved file, dependencies, a line of every service. */
function changeTemplates(folder: string): void {
  const at = (file: string): string => join(folder, file);
  const change = (file: string, from: string, to: string): void => replaceIn(at(file), from, to);
  const core = 'project/app/core';
  change(`${core}/context.ts`, 'bulkItems: 100,', 'bulkItems: 2,');
  change(
    'beside/app/mount.ts',
    "import { drift, syncDatabase } from './core/sync.ts';\n",
    "import { notices } from './core/notices.ts';\nimport { drift, syncDatabase } from './core/sync.ts';\n",
  );
  change('beside/app/mount.ts', 'use(unread, api(', 'use(unread, notices, api(');
  writeFileSync(at(`${core}/notices.ts`), notices);
  rmSync(at(`${core}/failed-index.ts`));
  change(`${core}/writes.ts`, "import { failedIndex } from './failed-index.ts';\n", '');
  change(
    `${core}/writes.ts`,
    '    }).catch(async (error: unknown) =>\n      failed(error, await failedIndex(error, documents, collection, maxTimeMS)),\n    );',
    '    }).catch((error: unknown) => failed(error, undefined));',
  );
  mkdirSync(at(`${core}/reading`));
  renameSync(at(`${core}/inspect.ts`), at(`${core}/reading/inspect.ts`));
  change(`${core}/reading/inspect.ts`, "'./field.ts'", "'../field.ts'");
  change(`${core}/reading/inspect.ts`, "'./problems.ts'", "'../problems.ts'");
  change(`${core}/body.ts`, './inspect.ts', './reading/inspect.ts');
  writeFileSync(
    at('moves.json'),
    JSON.stringify({ 'app/core/inspect.ts': 'app/core/reading/inspect.ts' }),
  );
  change('project/package.json', '"zod": "4.6.7"', '"zod": "4.7.0"');
  change(
    'resource/app/services/{{pluralFile}}.ts.hbs',
    '`afterWrite`, `beforeRead`.',
    '`afterWrite`, `beforeRead`; the later version says so.',
  );
}
