import type { Change } from '../apply/change.ts';

/** New files as a patch in the form that `git apply` takes. */
export function patchOf(changes: readonly Change[]): string {
  return changes
    .map(({ path, mode, after = new Uint8Array() }) =>
      created(path, mode, Buffer.from(after).toString('utf8')),
    )
    .join('');
}

function created(path: string, mode: number, text: string): string {
  const executable = (mode & 0o111) !== 0;
  const head = `diff --git a/${path} b/${path}\nnew file mode ${executable ? '100755' : '100644'}\n`;
  if (text === '') return head;
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n');
  return [
    `${head}--- /dev/null\n+++ b/${path}`,
    `@@ -0,0 +1${lines.length === 1 ? '' : `,${lines.length}`} @@`,
    ...lines.map((line) => `+${line}`),
    ...(ends ? [] : ['\\ No newline at end of file']),
    '',
  ].join('\n');
}
