import type { Node } from '@babel/types';
import { childrenOf, endOf, startOf } from '../../render/syntax.ts';
import { indentOf, shift, unitOf } from '../indent.ts';
import { dice } from '../tree/match.ts';
import { codeReader } from './code.ts';
import { identityOf } from './keys.ts';
import type { Source } from './parse.ts';

/** How alike a literal or a body must be to one that stands elsewhere now. */
const alike = 0.6;

/** What people take out of a declaration to give it a name of its own. */
const movable = new Set(['ArrayExpression', 'BlockStatement', 'ObjectExpression']);

interface Statement {
  readonly key: string;
  readonly node: Node;
}

interface Extraction {
  /** The declaration that something was taken out of, in ours. */
  readonly from: Statement;
  /** What was taken out, in the base. */
  readonly old: Node;
  /** The new declaration that holds it, and its place there. */
  readonly to: Statement;
  readonly held: Node;
}

/**
 * Base and theirs with the literals and bodies that the user took out of a declaration where the user has them: in a
 * declaration of its own. What the generator changes in one then goes there. `undefined` when nothing was taken out.
 */
export function withExtractions(
  ours: Source,
  base: Source,
  theirs: Source,
): { readonly base: string; readonly theirs: string } | undefined {
  const found = extractionsOf(ours, base, theirs);
  let texts: { base: string; theirs: string } | undefined;
  // From the end, so that the places before it stay where they are.
  for (const one of found.toReversed()) {
    const old = inUsersPlace(one, ours, base, texts?.base ?? base.text);
    const other = inUsersPlace(one, ours, theirs, texts?.theirs ?? theirs.text, base);
    if (old !== undefined && other !== undefined) texts = { base: old, theirs: other };
  }
  return texts;
}

function extractionsOf(ours: Source, base: Source, theirs: Source): readonly Extraction[] {
  const [mine, old, other] = [ours, base, theirs].map(statementsOf);
  if (!mine || !old || !other) return [];
  const fresh = [...mine.values()].filter(({ key }) => !old.has(key) && !other.has(key));
  if (fresh.length === 0) return [];
  const held = fresh.flatMap((to) => movablesIn(to.node).map((node) => ({ to, node })));
  return [...old.values()].flatMap((statement): readonly Extraction[] => {
    const from = mine.get(statement.key);
    if (from === undefined || !other.has(statement.key)) return [];
    const kept = movablesIn(from.node).map((node) => wordsOf(ours, node));
    let best: Extraction | undefined;
    let most = alike;
    for (const node of movablesIn(statement.node)) {
      const words = wordsOf(base, node);
      if (words === '' || kept.some((there) => dice(words, there) >= alike)) continue;
      for (const one of held) {
        const likeness = one.node.type === node.type ? dice(words, wordsOf(ours, one.node)) : 0;
        if (likeness < most || likeness === 0) continue;
        if (likeness === most && best !== undefined) continue;
        most = likeness;
        best = { from, old: node, to: one.to, held: one.node };
      }
    }
    return best === undefined ? [] : [best];
  });
}

/** A text of the generator's with one literal or body where the user has it; `undefined` when more than that changed. */
function inUsersPlace(
  { from, old, to, held }: Extraction,
  ours: Source,
  side: Source,
  text: string,
  base: Source = side,
): string | undefined {
  const statement = statementsOf(side).get(from.key)?.node;
  const before = statementsOf(base).get(from.key)?.node;
  if (statement === undefined || before === undefined) return undefined;
  const around = (source: Source, whole: Node, part: Node) => {
    const code = codeReader(source);
    return `${code(startOf(whole), startOf(part))}\n${code(endOf(part), endOf(whole))}`;
  };
  const wanted = around(base, before, old);
  const taken = movablesIn(statement).find(
    (node) => node.type === old.type && around(side, statement, node) === wanted,
  );
  if (taken === undefined) return undefined;
  const own =
    ours.text.slice(startOf(to.node), startOf(held)) +
    relaid(side, taken, ours, held) +
    ours.text.slice(endOf(held), endOf(to.node));
  const rest = ours.text.slice(startOf(from.node), endOf(from.node));
  const behind = text.slice(endOf(statement));
  if (startOf(to.node) > startOf(from.node))
    return `${text.slice(0, startOf(statement))}${rest}\n\n${own}${behind}`;
  // The remark above the declaration is where the user has one.
  const place = remarked(ours, from.node) ? leadOf(side, statement) : startOf(statement);
  const apart = place === startOf(statement) || place === 0 ? ['', '\n\n'] : ['\n\n', ''];
  return `${text.slice(0, place)}${apart[0]}${own}${apart[1]}${text.slice(place, startOf(statement))}${rest}${behind}`;
}

function statementsOf({ file, ...source }: Source): ReadonlyMap<string, Statement> {
  const code = codeReader({ file, ...source });
  const keys = file.program.body.flatMap((node): (readonly [string, Statement])[] => {
    const { key } = identityOf(node, code);
    return key?.startsWith('value:') || key === 'export:default' ? [[key, { key, node }]] : [];
  });
  return new Map(keys);
}

function movablesIn(node: Node): readonly Node[] {
  const inner = childrenOf(node).flatMap(movablesIn);
  return movable.has(node.type) ? [node, ...inner] : inner;
}

/** Names, strings and numbers of a node. */
function wordsOf({ tokens }: Source, node: Node): string {
  return tokens
    .filter(({ start, end, comment }) => !comment && start >= startOf(node) && end <= endOf(node))
    .flatMap(({ text }) => (/[\w$]/.test(text) ? [text.replaceAll(' ', '_')] : []))
    .join(' ');
}

/** The text of a node as it would stand at the place of another one. */
function relaid(from: Source, node: Node, to: Source, place: Node): string {
  const layout = ({ text }: Source, at: number) => ({
    indent: indentOf(text.slice(text.lastIndexOf('\n', at - 1) + 1)),
    unit: unitOf(text),
  });
  const text = from.text.slice(startOf(node), endOf(node));
  const rigid = text.includes('`');
  return rigid ? text : shift(text, layout(from, startOf(node)), layout(to, startOf(place)));
}

/** Where what stands before a statement begins. */
function leadOf({ file }: Source, statement: Node): number {
  const before = file.program.body.findLast((node) => endOf(node) <= startOf(statement));
  return before === undefined ? 0 : endOf(before);
}

const remarked = (source: Source, statement: Node) =>
  source.text.slice(leadOf(source, statement), startOf(statement)).trim() !== '';
