import { shift, type Layout } from '../indent.ts';
import type { Context } from './context.ts';
import type { Entry } from './merge.ts';
import type { Item, List } from './types.ts';

export interface Emission {
  readonly ours: List;
  readonly theirs: List;
  readonly entries: readonly Entry[];
  readonly head: string;
  readonly tail: string;
  readonly units: Context['units'];
}

/** Writes a list: the user's items as they are, new ones laid out like their neighbours, commas where they belong. */
export function emitList({ ours, theirs, entries, head, tail, units }: Emission): string {
  const sample = ours.items.find(({ lead }) => lead.includes('\n')) ?? ours.items[0];
  const onOneLine = ours.comma || ours.shape === 'chain';
  const inline = onOneLine && sample !== undefined && !sample.lead.includes('\n');
  const first = ours.items[0];
  const last = ours.items.at(-1) ?? theirs.items.at(-1);
  // In pieces: to look at the end of a text that grows makes it anew each time.
  const pieces = [head];
  const put = (...texts: readonly string[]) => {
    for (const text of texts) if (text !== '') pieces.push(text);
  };
  for (const [at, entry] of entries.entries()) {
    const fresh = entry.ours === undefined;
    const item = entry.ours ?? entry.theirs;
    if (item === undefined) continue;
    const to: Layout = {
      indent: sample?.indent ?? ours.indent + deeper(theirs, item, units),
      unit: units.ours,
    };
    const from: Layout = { indent: item.indent, unit: units.theirs };
    let lead = fresh ? leadOf(entry, inline, from, to, ours) : entry.lead;
    if (at === 0) lead = firstLead(lead, entry, first, head);
    else if (!lead.includes('\n') && pieces.at(-1)?.endsWith('\n') !== true)
      lead = separate(lead, entry, inline, ours);
    const core = fresh && !item.rigid ? shift(entry.text, from, to) : entry.text;
    const comma = ours.comma && (at < entries.length - 1 || last?.comma === true);
    put(lead, core, comma ? ',' : '', entry.after);
  }
  const text = pieces.join('');
  if (ours.items.length > 0 || entries.length === 0) return text + tail;
  const layout = { indent: ours.indent, unit: units.ours };
  return text + shift(theirs.tail, { indent: theirs.indent, unit: units.theirs }, layout);
}

/** By how much the items of theirs are further in than their list; nothing when they share its line. */
function deeper(theirs: List, item: Item, units: Context['units']): string {
  const inner = item.indent.startsWith(theirs.indent)
    ? item.indent.slice(theirs.indent.length)
    : '';
  return inner.replaceAll(units.theirs, units.ours);
}

function leadOf(entry: Entry, inline: boolean, from: Layout, to: Layout, ours: List): string {
  const blank = entry.lead.trim() === '';
  if (inline && blank) return ours.comma ? ' ' : '';
  if (entry.lead.includes('\n')) {
    const white = entry.lead.slice(entry.lead.lastIndexOf('\n') + 1);
    const moved = shift(entry.lead, from, to);
    // The last line of a lead is white space alone, which `shift` leaves as it is.
    return moved.slice(0, moved.length - white.length) + to.indent;
  }
  const apart = ours.items.length > 0 || entry.lead !== '';
  return ours.items.length === 0 && !apart
    ? entry.lead
    : inline
      ? ` ${entry.lead.trim()}`
      : `\n${to.indent}${entry.lead.trimStart()}`;
}

/** The first item begins where the first item of the user's began. */
function firstLead(lead: string, entry: Entry, first: Item | undefined, head: string): string {
  if (first === undefined || entry.ours === first || head !== '') return lead;
  const white = (text: string) => text.slice(0, text.length - text.trimStart().length);
  if (lead.trim() === '') return white(first.lead);
  return lead.startsWith('\n') && !first.lead.startsWith('\n') ? lead.trimStart() : lead;
}

/** What was first and is no longer has nothing before it: it gets a line of its own, or a space. */
function separate(lead: string, { ours: item }: Entry, inline: boolean, list: List): string {
  if (inline && !list.comma) return lead;
  if (inline) return lead === '' ? ' ' : lead;
  return `\n${item?.indent ?? ''}${lead.trimStart()}`;
}
