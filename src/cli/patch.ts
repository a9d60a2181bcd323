import { structuredPatch } from 'diff';
import type { Change } from '../apply/change.ts';

/** Above so many changed lines a file is shown as replaced as a whole: finding the least difference takes too long. */
const mostEdits = 2000;

/** What the changes write, as a patch in the form that `git apply` takes, byte for byte. */
export function patchOf(changes: readonly Change[]): Uint8Array {
  return Buffer.concat(changes.map((change) => Buffer.from(filePatch(change), 'latin1')));
}

/** A file of the patch, a character a byte, so that no encoding can change what it says. */
function filePatch({ path, before, after, mode }: Change): string {
  if (before === undefined && after === undefined) return '';
  const [old, now] = [before, after].map((bytes) => Buffer.from(bytes ?? []).toString('latin1'));
  if (before !== undefined && after !== undefined && old === now) return '';
  const [from, to] = [named(`a/${path}`), named(`b/${path}`)];
  const bits = (mode & 0o111) === 0 ? '100644' : '100755';
  const head = [
    `diff --git ${from} ${to}`,
    ...(before === undefined ? [`new file mode ${bits}`] : []),
    ...(after === undefined ? [`deleted file mode ${bits}`] : []),
  ];
  const hunks = hunksOf(old ?? '', now ?? '');
  // A name with a space ends at a tab, or the line would have no end for who reads it.
  const end = path.includes(' ') ? '\t' : '';
  const names = [
    `--- ${before === undefined ? '/dev/null' : from + end}`,
    `+++ ${after === undefined ? '/dev/null' : to + end}`,
  ];
  return `${[...head, ...(hunks.length === 0 ? [] : names), ...hunks].join('\n')}\n`;
}

function hunksOf(old: string, now: string): string[] {
  const patch = structuredPatch('', '', old, now, '', '', { context: 3, maxEditLength: mostEdits });
  const hunks = patch?.hunks ?? [replaced(old, now)];
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines,
  ]);
}

/** A place of no lines is named by the line before it. */
function range(start: number, lines: number): string {
  if (lines === 1) return String(start);
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

function replaced(old: string, now: string) {
  const [before, after] = [linesOf(old, '-'), linesOf(now, '+')];
  return {
    oldStart: 1,
    oldLines: before.count,
    newStart: 1,
    newLines: after.count,
    lines: [...before.lines, ...after.lines],
  };
}

function linesOf(text: string, sign: string): { count: number; lines: string[] } {
  if (text === '') return { count: 0, lines: [] };
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n').map((line) => sign + line);
  return { count: lines.length, lines: ends ? lines : [...lines, '\\ No newline at end of file'] };
}

/** A path as git writes it: quoted when a byte of it needs that. */
function named(path: string): string {
  const bytes = [...Buffer.from(path, 'utf8')];
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c))
    return path;
  const text = bytes.map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
    return `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${text.join('')}"`;
}
