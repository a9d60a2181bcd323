import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { loadTemplates } from './src/plan/templates.ts';
import { precompiledModule } from './src/render/precompile.ts';
import { editorSchema } from './src/spec/editor-schema.ts';

/** Loaded by few commands, or with files of their own beside them: node finds these where npm put them. */
const external = [
  '@babel/*',
  'execa',
  'fs-extra',
  'mongodb',
  'node-plop',
  'prettier',
  'prettier/*',
  // Handlebars looks for it and does without.
  'source-map',
  'typescript',
  'yaml',
];

/** Of yargs only the parser is used; what stands beside it in `yargs/helpers` would come along, for what it might do when loaded. */
const parserOfYargs: Plugin = {
  name: 'parser of yargs',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path: wanted, pluginData, ...from }) => {
      if (
        pluginData === parserOfYargs.name ||
        !/[\\/]node_modules[\\/]yargs[\\/]/.test(from.importer)
      )
        return;
      const found = await resolve(wanted, { ...from, pluginData: parserOfYargs.name });
      return { ...found, sideEffects: false };
    });
  },
};

/** Handlebars takes longer to compile the templates than everything else takes together. */
const compiledTemplates: Plugin = {
  name: 'compiled templates',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]render[\\/]precompiled\.ts$/ }, async () => {
      const sets = [...loadTemplates('templates').values()];
      const sources = sets.flatMap((set) =>
        [...set.values()].flatMap((template) => (template.holes ? [template.source] : [])),
      );
      return { contents: precompiledModule([...new Set(sources)]), loader: 'js' };
    });
  },
};

/** The JSON Schema of flask-style.json is the same in every run: to derive it takes longer than to read the spec. */
const derivedSchema: Plugin = {
  name: 'derived schema',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]spec[\\/]editor-schema\.ts$/ }, () => ({
      contents: `export const editorSchema = ${JSON.stringify(editorSchema)};`,
      loader: 'js',
    }));
  },
};

// One bundle: the tool starts in the time of a few files, not of two hundred.
await rm('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: { cli: 'src/cli/index.ts', plop: 'src/plop/register.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external,
  mainFields: ['module', 'main'],
  // Less to read at every start; names stay, so that a stack trace tells something.
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [parserOfYargs, compiledTemplates, derivedSchema],
  alias: {
    handlebars: 'handlebars/dist/cjs/handlebars.js',
    'handlebars/runtime.js': 'handlebars/dist/cjs/handlebars.runtime.js',
  },
  metafile: true,
  logLevel: 'warning',
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
