import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { bundle } from './bundle.ts';

await rm('dist', { recursive: true, force: true });
const { metafile } = await bundle('dist', {
  cli: 'src/cli/index.ts',
  plop: 'src/plop/register.ts',
});
await writeFile('dist/LICENSES.txt', await licencesOf(Object.keys(metafile.inputs)));
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

/** The licences of the packages whose code went into the bundle. Throws for a package without one. */
async function licencesOf(inputs: readonly string[]): Promise<string> {
  const folders = inputs.flatMap(
    (file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  );
  const texts = [...new Set(folders)].sort().map(async (folder) => {
    const name = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
    if (name === undefined) throw new Error(`${folder} has no licence`);
    return `${path.relative('node_modules', folder)}\n\n${await readFile(path.join(folder, name), 'utf8')}`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}
