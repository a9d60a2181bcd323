import type { Node } from '@babel/types';
import { exit, UserError } from '../../errors.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Project } from '../open.ts';
import { foreignTexts, sourcesIn } from '../uses/code.ts';
import { literalOf, nodesIn } from './syntax.ts';

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'all'];
/** What applications and routers are called; clients that send requests have the same methods. */
const servers = /^(?:app|server|router|routes?)$|(?:App|Router|Routes)$/;

interface OwnRoute {
  readonly path: string;
  /** It stands for everything below its path. */
  readonly mounts: boolean;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * Refuses a resource whose path the application around the layout answers already: the layout stands first, and that route
 * would never be asked again. Routes are read from the text of the project, so only those that are written out are seen.
 *
 * @param project its `state` has the spec of before: what was there stays
 * @throws UserError 3 that names file and line
 */
export async function refuseTaken(project: Project, { resources }: Spec): Promise<void> {
  const before = Object.values(project.state.spec.resources).map(({ path }) => path);
  const paths = Object.values(resources)
    .map(({ path }) => path)
    .filter((path) => !before.includes(path));
  if (paths.length === 0) return;
  const files = [...sourcesIn(await foreignTexts(project))].map(
    ([file, text]) => [file, routesIn(text)] as const,
  );
  const belowApi = files.some(([, routes]) =>
    routes.some(({ path, mounts }) => mounts && path === '/api'),
  );
  for (const path of paths)
    for (const [file, routes] of files) {
      const places = [`/api${path}`, ...(belowApi ? [path] : [])];
      const found = routes.find((route) =>
        places.some((place) => route.path === place || route.path.startsWith(`${place}/`)),
      );
      if (found !== undefined)
        throw new UserError(
          exit.conflict,
          `${file}:${found.line} answers ${found.path}, which would be /api${path} of the new resource; nothing was written`,
          'choose another name for the resource, or take that route out first',
        );
    }
}

function routesIn(text: string): readonly OwnRoute[] {
  // Most files have none, and parsing is the dear part.
  if (!/\.(?:use|route|get|post|put|patch|delete|all)\b/.test(text)) return [];
  return nodesIn(text).flatMap((node): OwnRoute[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    const { object, property } = node.callee;
    if (property.type !== 'Identifier' || !isServer(object)) return [];
    const { name } = property;
    const known = name === 'use' || name === 'route' || verbs.includes(name);
    // With one argument, `get` reads a setting.
    if (!known || (name !== 'route' && node.arguments.length < 2)) return [];
    const path = literalOf(node.arguments[0]);
    return path === undefined
      ? []
      : [{ path, mounts: name === 'use', line: node.loc?.start.line ?? 1 }];
  });
}

/** `app`, `this.app`, `express.Router()`, and what is chained on one of these. */
function isServer(node: Node): boolean {
  switch (node.type) {
    case 'Identifier':
      return servers.test(node.name);
    case 'MemberExpression':
      return isServer(node.property) || isServer(node.object);
    case 'CallExpression':
      return isServer(node.callee);
    default:
      return false;
  }
}
