import { tokensOf, type Token } from './tokens.ts';

/** A route that source text registers. */
export interface RouterCall {
  /** In upper case; `ALL` for every method. */
  readonly method: string;
  /** Absent when it is not a literal. */
  readonly path: string | undefined;
  /** Counted from 1. */
  readonly line: number;
  /** The names among the arguments, and among those of what is mounted before. */
  readonly handlers: readonly string[];
}

/** A call on a router as it is written: the method in lower case, `use` among them. */
interface Call extends RouterCall {
  /** It has several arguments. */
  readonly several: boolean;
}

/** The source text that a blueprint covers, by index of token, and the path it is mounted at. */
interface BlueprintRange {
  readonly from: number;
  readonly to: number;
  readonly path: string;
}

const methods = new Set([
  ...['get', 'post', 'put', 'patch', 'delete', 'head', 'options'],
  ...['all', 'query'],
]);
const makers = new Set(['Router', 'express']);
const opening = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);
const closers = new Set(opening.values());

/**
 * The routes that a source file registers on Express routers, read from its text: nothing of it is run. Understands
 * `Router().get(...).post(...)`, the same on a variable, `blueprint('/path', ...)`, and static folders.
 */
export function routerCalls(source: string): readonly RouterCall[] {
  const tokens = tokensOf(source);
  const routers = routerNames(tokens);
  const prefixes = blueprintRanges(tokens);
  return tokens.flatMap((token, at) => {
    const made = makers.has(token.text) && tokens[at + 1]?.text === '(';
    const named = routers.has(token.text) && tokens[at + 1]?.text === '.';
    if (token.kind !== 'name' || tokens[at - 1]?.text === '.' || (!made && !named)) return [];
    const start = made ? closing(tokens, at + 1) + 1 : at + 1;
    const prefix = prefixes.find(({ from, to }) => from <= at && at <= to)?.path;
    return chain(tokens, start).map((call) =>
      prefix === undefined || call.path === undefined
        ? call
        : { ...call, path: below(prefix, call.path) },
    );
  });
}

/** The calls of `.get(...).post(...)`, from the first dot on. */
function chain(tokens: readonly Token[], from: number): readonly RouterCall[] {
  const calls: RouterCall[] = [];
  const guards: Call[] = [];
  let at = from;
  while (tokens[at]?.text === '.' && tokens[at + 2]?.text === '(') {
    const method = tokens[at + 1];
    const end = closing(tokens, at + 2);
    if (method !== undefined) {
      const call = callOf(method, tokens.slice(at + 3, end));
      if (call.method === 'use') guards.push(call);
      const before = guards.filter((guard) => covers(guard, call.path));
      const handlers = [...before, call].flatMap((one) => one.handlers);
      calls.push(...routeOf(call).map((route) => ({ ...route, handlers })));
    }
    at = end + 1;
  }
  return calls;
}

function callOf({ text: method, line }: Token, inside: readonly Token[]): Call {
  const [first, second] = inside;
  const handlers = inside.filter(({ kind }) => kind === 'name').map(({ text }) => text);
  const path = first?.kind === 'string' && second?.text === ',' ? first.text : undefined;
  return { method, path, line, handlers, several: hasSeveral(inside) };
}

function routeOf({ method, path, line, handlers, several }: Call): readonly RouterCall[] {
  if (method === 'use' && path !== undefined && handlers.includes('static')) {
    return [{ method: 'GET', path: `${path}/*`, line, handlers }];
  }
  // With one argument, get reads a setting.
  if (!methods.has(method) || !several) return [];
  return [{ method: method.toUpperCase(), path, line, handlers }];
}

/** Whether what `use` mounts there comes before a route of this path. */
function covers(guard: Call, path: string | undefined): boolean {
  if (guard.path === undefined) return !guard.several;
  return path === guard.path || path?.startsWith(`${guard.path}/`) === true;
}

/** Whether these are several arguments. */
function hasSeveral(inside: readonly Token[]): boolean {
  for (let at = 0; at < inside.length; at++) {
    const { text = '', kind } = inside[at] ?? {};
    if (kind === 'mark' && text === ',') return true;
    if (kind === 'mark' && opening.has(text)) at = closing(inside, at);
  }
  return false;
}

/** The variables that routers are assigned to. */
function routerNames(tokens: readonly Token[]): ReadonlySet<string> {
  const names = tokens.flatMap(({ text }, at) =>
    makers.has(text) && tokens[at + 1]?.text === '(' && tokens[at - 1]?.text === '='
      ? [tokens[at - 2]?.text ?? '']
      : [],
  );
  return new Set(names);
}

function blueprintRanges(tokens: readonly Token[]): readonly BlueprintRange[] {
  return tokens.flatMap(({ text }, at) => {
    const path = tokens[at + 2];
    if (text !== 'blueprint' || tokens[at + 1]?.text !== '(' || path?.kind !== 'string') return [];
    return [{ from: at, to: closing(tokens, at + 1), path: `/api${path.text}` }];
  });
}

/** The index of the bracket that closes the one at `at`; the end when there is none. */
function closing(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let index = at; index < tokens.length; index++) {
    const { kind, text } = tokens[index] ?? { kind: 'mark', text: '' };
    if (kind !== 'mark') continue;
    if (opening.has(text)) depth++;
    else if (closers.has(text) && --depth === 0) return index;
  }
  return tokens.length;
}

function below(prefix: string, path: string): string {
  return path === '/' ? prefix : prefix + path;
}
