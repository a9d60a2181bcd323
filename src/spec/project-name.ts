import { builtinModules } from 'node:module';
import { quote, wordsOf } from './names.ts';

/** The packages of an emitted project: npm refuses to install a package into one of its own name. */
const dependencies = new Set(
  'cors eslint express express-rate-limit helmet mongodb nunjucks pino prettier prom-client tsx typescript typescript-eslint vite vitest zod'.split(
    ' ',
  ),
);
/** No folder can have these names on Windows, with or without an extension. */
const devices = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

/** Why npm or a file system would not take a project of this name; undefined when both do. */
export function projectNameProblem(name: string): { message: string; hint?: string } | undefined {
  const message = (why: string) => `the project name ${quote(name)} cannot be used: ${why}`;
  if (!/^(?:@[a-z0-9-][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name)) {
    const repaired = wordsOf(name.replace(/[^A-Za-z0-9]+/g, '-')).join('-');
    const hint = /^[a-z0-9]/.test(repaired) ? `did you mean ${repaired.slice(0, 80)}?` : undefined;
    return {
      message: message('npm takes lower-case letters, digits, - . _'),
      ...(hint !== undefined && { hint }),
    };
  }
  const own = folderOf(name);
  if (name.length > 214) return { message: message('npm takes at most 214 characters') };
  if (own === 'node_modules' || own === 'favicon.ico')
    return { message: message('npm reserves it') };
  if (devices.test(own) || own.endsWith('.'))
    return { message: message('Windows has no folder of that name') };
  if (name === own && builtinModules.includes(name))
    return { message: message('it is a module of Node'), hint: `did you mean ${name}-api?` };
  if (dependencies.has(name))
    return {
      message: message('the project depends on that package'),
      hint: `did you mean ${name}-api?`,
    };
  return undefined;
}

/** The folder of a project: the name without its scope. */
export function folderOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

/** Any text as near to a project's name as it gets; undefined when no name comes of it. */
export function projectNameFrom(text: string): string | undefined {
  const name = wordsOf(text.replace(/[^A-Za-z0-9]+/g, '-')).join('-');
  return projectNameProblem(name) === undefined ? name : undefined;
}
