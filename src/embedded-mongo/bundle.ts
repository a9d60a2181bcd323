/**
 * Makes the one file that an emitted project carries: `tsx src/embedded-mongo/bundle.ts` writes it from these sources.
 * The same sources give the same bytes, which a test compares with the committed file.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const entry = join(here, 'index.ts');

/** Where the bundle belongs. */
export const target = join(root, 'templates/embedded/dev/embedded-mongo.mjs');

/** The bundle and its types. */
export interface Bundle {
  code: string;
  types: string;
}

function header(body: string): string {
  const hash = createHash('sha256').update(body).digest('hex');
  return [
    '// Generated from src/embedded-mongo of create-flask-style-api: do not edit.',
    '// A small server that speaks MongoDB’s wire protocol, for development and tests only. Never use it in production.',
    '// Delete this file and set MONGODB_URI to work with a real MongoDB instead.',
    `// sha256 of what follows: ${hash}`,
    '',
  ].join('\n');
}

/** Bundles the server. Packages stay imports: BSON comes from `mongodb`, which the project has anyway. */
export async function bundle(): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [relative(root, entry)],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'none',
    packages: 'external',
  });
  const body = outputFiles[0]?.text ?? '';
  const { outputText } = ts.transpileDeclaration(readFileSync(entry, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext },
    fileName: entry,
  });
  return { code: header(body) + body, types: header(outputText) + outputText };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { code, types } = await bundle();
  writeFileSync(target, code);
  writeFileSync(target.replace(/\.mjs$/, '.d.mts'), types);
}
