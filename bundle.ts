import path from 'node:path';
import { build, type BuildResult, type Plugin } from 'esbuild';
import { besideTemplates, formOf } from './src/plan/beside.ts';
import { loadTemplates, textOf } from './src/plan/templates.ts';
import { precompiledModule } from './src/render/precompile.ts';
import { readyModule } from './src/render/ready-module.ts';
import { editorSchema } from './src/spec/editor-schema.ts';
import type { Beside } from './src/spec/schema.ts';

const root = import.meta.dirname;

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
      const sets = [...loadTemplates(path.join(root, 'templates')).values()];
      const sources = sets.flatMap((set) =>
        [...set.values()].flatMap((template) => (template.holes ? [template.source] : [])),
      );
      return { contents: precompiledModule([...new Set(sources)]), loader: 'js' };
    });
  },
};

/** The layouts beside an application in JavaScript: each gets the same files, in the form of its modules. */
const besides = (['esm', 'commonjs'] as const).map((modules): Beside => ({
  folder: 'app',
  ending: 'js',
  modules,
  imports: 'js',
}));

/** To take the types out of the core takes longer than everything else beside an application in JavaScript. */
const readyForms: Plugin = {
  name: 'ready forms',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]render[\\/]ready\.ts$/ }, async () => {
      const templates = loadTemplates(path.join(root, 'templates'));
      const sets = besides.flatMap((beside) => [...besideTemplates(templates, beside).values()]);
      const sources = sets
        .flatMap((set) => [...set.values()])
        .filter(({ holes, name }) => !holes && name.endsWith('.ts'))
        .map(textOf);
      const contents = await readyModule([...new Set(sources)], besides.map(formOf));
      return { contents, loader: 'js' };
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

/**
 * Bundles the tool from `src`: it starts in the time of a few files, not of two hundred.
 *
 * @param outdir a folder inside a package that has the templates and, in `node_modules`, what is not bundled
 * @param entryPoints modules by the names that they have there
 */
export function bundle(
  outdir: string,
  entryPoints: Readonly<Record<string, string>>,
): Promise<BuildResult<{ metafile: true }>> {
  return build({
    absWorkingDir: root,
    entryPoints: { ...entryPoints },
    outdir,
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
    plugins: [parserOfYargs, compiledTemplates, readyForms, derivedSchema],
    alias: {
      handlebars: 'handlebars/dist/cjs/handlebars.js',
      'handlebars/runtime.js': 'handlebars/dist/cjs/handlebars.runtime.js',
    },
    metafile: true,
    logLevel: 'warning',
  });
}
