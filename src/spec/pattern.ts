// Whether a pattern is safe to run on any text. V8 backtracks, so a pattern that can read the same text in two
// ways may try them all. A pattern is accepted when each of its ways, unrolled to an automaton of positions
// (Glushkov), is deterministic: then there is never a second way to try.
import { PatternError, parsePattern } from './pattern-parse.ts';
import type { CharSet, PatternNode, RepeatNode } from './pattern-parse.ts';

/** One character of the unrolled pattern, and the positions that may follow it. */
interface Position {
  readonly set: CharSet;
  readonly next: Set<number>;
}

/** A part of the automaton: whether it may be empty, and the positions it begins and ends with. */
interface Part {
  readonly nullable: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const mostPositions = 600;
/** Choices outside repetitions are tried one after the other, so few of them cost little: each is checked alone. */
const mostWays = 64;

/** Why a pattern is refused, as the end of a sentence about it ("has a pattern that ..."); undefined when it is safe. */
export function patternProblem(source: string): string | undefined {
  try {
    const node = parsePattern(source);
    new RegExp(source, 'u');
    const inner = withoutAnchors(node);
    if (!inner.anchored && unbounded(node))
      return 'repeats without end and does not begin with ^, so each start would be tried';
    for (const way of ways(inner.node)) checkUnambiguous(way);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    if (error instanceof SyntaxError) return 'is no regular expression';
    throw error;
  }
}

function withoutAnchors(node: PatternNode): { node: PatternNode; anchored: boolean } {
  const parts: PatternNode[] = node.kind === 'sequence' ? [...node.parts] : [node];
  const anchored = parts[0]?.kind === 'start';
  if (anchored) parts.shift();
  if (parts.at(-1)?.kind === 'end') parts.pop();
  return { node: { kind: 'sequence', parts }, anchored };
}

function unbounded(node: PatternNode): boolean {
  if (node.kind === 'repeat') return node.max === Infinity || unbounded(node.part);
  return node.kind === 'sequence' || node.kind === 'choice' ? node.parts.some(unbounded) : false;
}

/** The pattern once for each way through the choices that lie outside repetitions. */
function ways(node: PatternNode): PatternNode[] {
  if (node.kind === 'choice') return few(node.parts.flatMap(ways));
  if (node.kind === 'repeat' && node.min === 0 && node.max === 1)
    return few([...ways(node.part), { kind: 'sequence', parts: [] }]);
  if (node.kind !== 'sequence') return [node];
  return node.parts.reduce<PatternNode[]>(
    (before, part) =>
      few(
        ways(part).flatMap((way) =>
          before.map((start): PatternNode => ({ kind: 'sequence', parts: [start, way] })),
        ),
      ),
    [{ kind: 'sequence', parts: [] }],
  );
}

function few(nodes: PatternNode[]): PatternNode[] {
  if (nodes.length > mostWays)
    throw new PatternError(`has more than ${mostWays} ways through its choices`);
  return nodes;
}

/** Throws when two positions that may come next, at the beginning or behind one other, accept the same character. */
function checkUnambiguous(node: PatternNode): void {
  const positions: Position[] = [];
  const whole = build(node, positions);
  for (const set of [whole.first, ...positions.map((position) => [...position.next])])
    for (const [at, a] of set.entries())
      for (const b of set.slice(at + 1))
        if (overlap(positions[a]?.set ?? [], positions[b]?.set ?? [])) throw ambiguous();
}

function ambiguous(): PatternError {
  return new PatternError('can read a text in more than one way, which may take time without end');
}

function build(node: PatternNode, positions: Position[]): Part {
  switch (node.kind) {
    case 'start':
    case 'end':
      throw new PatternError('has ^ or $ in the middle');
    case 'chars': {
      if (positions.length >= mostPositions) throw new PatternError('is too large when unrolled');
      const at = positions.push({ set: node.set, next: new Set() }) - 1;
      return { nullable: false, first: [at], last: [at] };
    }
    case 'sequence':
      return node.parts.reduce<Part>(
        (before, part) => join(before, build(part, positions), positions),
        empty,
      );
    case 'choice':
      return node.parts
        .map((part) => build(part, positions))
        .reduce((a, b) => ({
          nullable: a.nullable || b.nullable,
          first: [...a.first, ...b.first],
          last: [...a.last, ...b.last],
        }));
    case 'repeat':
      return repeat(node, positions);
  }
}

const empty: Part = { nullable: true, first: [], last: [] };

function join(a: Part, b: Part, positions: Position[]): Part {
  link(a.last, b.first, positions);
  return {
    nullable: a.nullable && b.nullable,
    first: a.nullable ? [...a.first, ...b.first] : a.first,
    last: b.nullable ? [...a.last, ...b.last] : b.last,
  };
}

function link(from: readonly number[], to: readonly number[], positions: Position[]): void {
  for (const at of from)
    for (const next of to) {
      if (positions[at]?.next.has(next)) throw ambiguous();
      positions[at]?.next.add(next);
    }
}

/** A repetition, unrolled: `a{2,4}` is a a (a (a)?)?, and `a{2,}` is a a with a way back to the last. */
function repeat(node: RepeatNode, positions: Position[]): Part {
  const copies = Math.max(1, node.max === Infinity ? node.min : node.max);
  if (node.max === 0) return empty;
  let whole = empty;
  const optional: Part[] = [];
  for (let copy = 0; copy < copies; copy++) {
    const part = build(node.part, positions);
    if (part.nullable && copies + (node.max === Infinity ? 1 : 0) > 1)
      throw new PatternError('repeats what may be empty');
    if (copy < node.min) {
      if (node.max === Infinity && copy === copies - 1) link(part.last, part.first, positions);
      whole = join(whole, part, positions);
    } else optional.push(part);
  }
  if (node.max === Infinity && node.min === 0)
    for (const part of optional) link(part.last, part.first, positions);
  const tail = optional.reduceRight<Part | undefined>(
    (after, part) => ({ ...join(part, after ?? empty, positions), nullable: true }),
    undefined,
  );
  return tail === undefined ? whole : join(whole, tail, positions);
}

function overlap(a: CharSet, b: CharSet): boolean {
  return a.some(([from, to]) => b.some(([start, end]) => from <= end && start <= to));
}
