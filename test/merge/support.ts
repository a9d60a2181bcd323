import {
  emittedStyle,
  mergeFile,
  type MergeResult,
  type ProjectStyle,
} from '../../src/merge/index.ts';
import { mergePolicyOf } from '../../src/plan/policy.ts';
import type { MergePolicy } from '../../src/render/types.ts';

export const bytes = (text: string) => new TextEncoder().encode(text);

export const textOf = (content: Uint8Array) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);

interface Texts {
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
  readonly style?: ProjectStyle;
  readonly policy?: MergePolicy;
}

export function merge(
  path: string,
  { base, ours, theirs, style, policy }: Texts,
): Promise<MergeResult> {
  return mergeFile({
    path,
    policy: policy ?? mergePolicyOf(path),
    base: base === undefined ? undefined : bytes(base),
    ours: bytes(ours),
    theirs: bytes(theirs),
    style: style ?? emittedStyle,
    labels: { base: 'last generated 0.1.0', theirs: 'generator 0.2.0' },
  });
}

/** The text of a merge that has to be clean. */
export async function clean(path: string, texts: Texts): Promise<string> {
  const result = await merge(path, texts);
  if (result.kind === 'conflict') throw new Error(`not clean: ${result.reason}`);
  return textOf(result.content);
}

/** A merge that has to be a conflict. */
export async function conflict(path: string, texts: Texts) {
  const result = await merge(path, texts);
  if (result.kind === 'clean') throw new Error(`clean:\n${textOf(result.content)}`);
  return {
    ...result,
    marked: result.marked && textOf(result.marked),
    kept: result.kept && textOf(result.kept),
  };
}
