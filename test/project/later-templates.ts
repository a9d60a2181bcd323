import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tools } from '../laws/workshop.ts';
import { replaceIn } from '../replace-in.ts';
import { temporaryFolder } from './support.ts';

/** The templates of a later version: a constant, an import with its call, a new, a removed and a moved file, a dependency. */
export function laterTemplates(): string {
  const folder = path.join(temporaryFolder(), 'templates');
  cpSync(tools.templates, folder, { recursive: true });
  const at = (file: string): string => path.join(folder, 'project', file);
  const change = (file: string, from: string, to: string): void => replaceIn(at(file), from, to);
  change('app/ops/limits.ts', 'const windowMs = 60_000;', 'const windowMs = 30_000;');
  change(
    'app/index.ts',
    "import { observeRequests } from './ops/requests.ts';",
    "import { notices } from './ops/notices.ts';\nimport { observeRequests } from './ops/requests.ts';",
  );
  change(
    'app/index.ts',
    '  app.use(docs(context));\n',
    '  app.use(docs(context));\n  app.use(notices);\n',
  );
  writeFileSync(at('app/ops/notices.ts'), 'export const notices = () => undefined;\n');
  rmSync(at('compose.yaml'));
  mkdirSync(at('app/ops/logs'));
  renameSync(at('app/ops/log.ts'), at('app/ops/logs/log.ts'));
  change('app/context.ts', './ops/log.ts', './ops/logs/log.ts');
  change('tests/support/app.ts', '../../app/ops/log.ts', '../../app/ops/logs/log.ts');
  change('package.json', '"zod": "4.6.7"', '"zod": "4.7.0"');
  change('package.json', '"express": "5.3.0"', '"express": "5.4.0"');
  writeFileSync(
    path.join(folder, 'moves.json'),
    JSON.stringify({ 'app/ops/log.ts': 'app/ops/logs/log.ts' }),
  );
  return folder;
}
