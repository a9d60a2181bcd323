import type { CallExpression, Node } from '@babel/types';
import { posix } from 'node:path';
import { filesMeant } from '../../apply/reconcile/importers.ts';
import { assigned, baseOf, modulesIn, required } from './bindings.ts';
import { literalOf, nodesIn } from './syntax.ts';

/** A route that an Express project has already. */
export interface OwnRoute {
  /** With the prefixes under which its routers are mounted. */
  readonly path: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** `router.get('/x')` or `router.use('/x', other)`: what it is called on, and what it mounts. */
interface Call extends OwnRoute {
  readonly router: string;
  readonly mounts: readonly string[];
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'all', 'route', 'use'];
/** Clients that send requests have the same methods, and other names. */
const usual = /^(?:app|server|router|routes?)$|(?:App|Router|Routes)$/;

/**
 * The routes with literal paths, followed through the routers that are mounted in one another. Only reads the texts.
 *
 * @param texts of the source files, by path
 */
export function ownRoutes(texts: ReadonlyMap<string, string>): readonly OwnRoute[] {
  const calls = [...texts].flatMap(([file, text]) => callsIn(file, text, texts));
  const mounted = new Set(calls.flatMap(({ mounts }) => mounts));
  const isRoot = ({ file, router }: Call): boolean =>
    !mounted.has(`${file}#${router}`) && !mounted.has(file);
  return calls.filter(isRoot).flatMap((call) => followed(call, '', calls, new Set()));
}

function followed(
  call: Call,
  prefix: string,
  calls: readonly Call[],
  above: ReadonlySet<Call>,
): OwnRoute[] {
  if (above.has(call)) return [];
  const { file, line } = call;
  const path = `${prefix}${call.path}`.replaceAll(/\/{2,}/g, '/');
  const inner = calls.filter(({ file: at, router }) =>
    call.mounts.some((name) => name === at || name === `${at}#${router}`),
  );
  const seen = new Set([...above, call]);
  return [{ path, file, line }, ...inner.flatMap((next) => followed(next, path, calls, seen))];
}

function callsIn(file: string, text: string, texts: ReadonlyMap<string, string>): Call[] {
  // Most files of a project have no routes; reading them would be most of the work.
  if (!/\.(?:get|post|put|patch|delete|all|route|use)\s*\(/.test(text)) return [];
  const nodes = nodesIn(text);
  const modules = modulesIn(nodes);
  const routers = routersIn(nodes, modules);
  const target = (node: Node): string[] => {
    const base = baseOf(node);
    const name = base.type === 'Identifier' ? base.name : '';
    const module = required(base) ?? modules.get(name);
    if (module === undefined) return name === '' ? [] : [`${file}#${name}`];
    const meant = filesMeant(posix.join(posix.dirname(file), module));
    const found = meant.find((at) => texts.has(at));
    return module.startsWith('.') && found !== undefined ? [found] : [];
  };
  return nodes.flatMap((node) => {
    const called = node.type === 'CallExpression' ? routerCall(node) : undefined;
    if (called === undefined || !routers.has(called.router)) return [];
    const { router, method, path, handlers } = called;
    const line = node.loc?.start.line ?? 1;
    const mounts = method === 'use' ? handlers.flatMap(target) : [];
    return [{ file, line, router, path, mounts }];
  });
}

function routerCall({ callee, arguments: given }: CallExpression) {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  const method = callee.property.name;
  if (!methods.includes(method)) return undefined;
  const [first, ...others] = given;
  const base = baseOf(callee.object);
  const router = base.type === 'Identifier' ? base.name : '';
  const path = literalOf(first);
  if (path?.startsWith('/')) return { router, method, path, handlers: others };
  return method === 'use' ? { router, method, path: '', handlers: given } : undefined;
}

/**
 * What routers are called in a file. The clients of tests have a `get` too: only what express made counts, and what others
 * hand over under a usual name.
 */
function routersIn(
  nodes: readonly Node[],
  modules: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const isExpress = (node: Node): boolean => {
    const base = baseOf(node);
    const module =
      required(base) ?? (base.type === 'Identifier' ? modules.get(base.name) : undefined);
    return module === 'express';
  };
  const found = [...modules].flatMap(([name, module]) => (module === 'express' ? [name] : []));
  for (const node of nodes) {
    const { name, value } = assigned(node) ?? {};
    if (name !== undefined && value?.type === 'CallExpression' && isExpress(value))
      found.push(name);
    if (node.type === 'Identifier' && usual.test(node.name)) found.push(node.name);
  }
  return new Set(found);
}
