import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import ts from 'typescript';

// One bundle: the tool starts in the time of a few files, not of a hundred.
await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { cli: 'src/cli/index.ts', plop: 'src/plop/register.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
  logLevel: 'warning',
});
await mkdir('dist/plop');
await writeFile('dist/plop/register.d.ts', declarationOf('src/plop/register.ts'));

/** The declarations of one module; throws when they need those of another. */
function declarationOf(file: string): string {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile('tsconfig.json', ts.sys.readFile).config,
    ts.sys,
    '.',
  );
  const program = ts.createProgram([file], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
  });
  let text = '';
  const result = program.emit(program.getSourceFile(file), (_name, output) => (text = output));
  if (result.emitSkipped || /from ['"]\./.test(text))
    throw new Error(`the declarations of ${file} do not stand alone`);
  return text;
}
