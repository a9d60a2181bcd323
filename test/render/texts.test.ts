import { spawnSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Fragment } from '../../src/render/fragment.ts';
import { comment } from '../../src/render/writers/comment.ts';
import { fixed } from '../../src/render/writers/fixed.ts';
import { identifier, pathText } from '../../src/render/writers/identifier.ts';
import { fragment, join } from '../../src/render/writers/join.ts';
import {
  code,
  codeBlock,
  inline,
  markdown,
  paragraph,
  table,
} from '../../src/render/writers/markdown.ts';
import { entityDiagram } from '../../src/render/writers/mermaid.ts';
import { shellWord } from '../../src/render/writers/shell.ts';
import { fc } from '../properties.ts';
import { hostileText } from './hostile.ts';

const many = { numRuns: 10_000 };
const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cf}]*$/u;

describe('the comment writer', () => {
  it('G7 G10 cannot end the comment, of TypeScript or of HTML', () => {
    const texts = fc.sample(hostileText, { numRuns: 10_000, seed: 4 });
    const comments = texts.map((text) => String(comment(text)));
    for (const written of comments) {
      expect(written).toMatch(oneLine);
      expect(written).not.toMatch(/\*\/|-->/);
    }
    const items = comments.map((written, index) => `/* ${written} */ ${index}, // ${written}\n`);
    expect(Array.from(runInNewContext(`[${items.join('')}]`) as number[])).toEqual([
      ...texts.keys(),
    ]);
  });
});

describe('the shell writer', () => {
  it('G7 gives words that a shell reads back unchanged', () => {
    // A shell takes bytes without NUL; what is no Unicode text has no bytes.
    const texts = fc
      .sample(hostileText, { numRuns: 10_000, seed: 9 })
      .map((text) => text.toWellFormed().replaceAll('\0', ''));
    const script = texts.map((text) => `printf '%s\\0' ${String(shellWord(text))}`).join('\n');
    const { stdout, stderr } = spawnSync('sh', { input: script, maxBuffer: 1e8 });
    expect(stderr.toString()).toBe('');
    expect(stdout.toString().split('\0').slice(0, -1)).toEqual(texts);
  });

  it('G7 expands its variables and nothing else', () => {
    const texts = fc
      .sample(hostileText, { numRuns: 1_000, seed: 10 })
      .map((text) => text.toWellFormed().replaceAll('\0', ''));
    const words = texts.map((text) => String(shellWord(text, { variable: 'id' }, '/', text)));
    const script = ['id="a b"', ...words.map((word) => `printf '%s\\0' ${word}`)].join('\n');
    const { stdout } = spawnSync('sh', { input: script, maxBuffer: 1e8 });
    expect(stdout.toString().split('\0').slice(0, -1)).toEqual(
      texts.map((text) => `${text}a b/${text}`),
    );
  });

  it('takes no variable that is no name', () => {
    expect(() => shellWord({ variable: 'a;b' })).toThrow(TypeError);
  });
});

describe('the Markdown writers', () => {
  /** What is left of a text when escapes and entities are taken away may mean something. */
  const bare = (text: string): string =>
    text.replace(/\\[\\`*_{}[\]#|~$^]/g, '').replace(/&(?:amp|lt|gt|#8203);/g, '');

  it('G7 G10 leave no mark unescaped, and one line', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        for (const written of [markdown(text), paragraph(text)].map(String)) {
          expect(written).toMatch(oneLine);
          expect(bare(written)).not.toMatch(/[\\`*_{}[\]#|~$^<>&]/);
        }
        expect(String(paragraph(text))).not.toMatch(/^(?:[-+=>:]|\d)/);
      }),
      many,
    );
  });

  it('G7 give code back that holds any backticks', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const [, fence = '', inside = ''] = /^(`+)([^]*?)\1$/.exec(String(code(text))) ?? [];
        expect(inside.match(/`+/g) ?? []).not.toContain(fence);
        const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
        expect(inside.trim()).toBe(line);
      }),
      many,
    );
    expect(String(codeBlock('sh', fixed('a\n```\nb')))).toBe('````sh\na\n```\nb\n````');
  });

  it('G7 give every row of a table its cells', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostileText, hostileText), { maxLength: 4 }), (rows) => {
        const written = String(
          table(
            ['A', 'B'],
            rows.map(([a, b]) => [a, code(b)]),
          ),
        );
        const lines = written.split('\n');
        expect(lines).toHaveLength(rows.length + 2);
        for (const line of lines) {
          // A cell of code keeps its backslashes, so a bar behind one is no end of the cell either.
          expect(line.match(/(?<!\\)\|/g)?.length).toBe(3);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads backticks in text of ours as code', () => {
    expect(String(inline('a `b_c` d_e'))).toBe('a `b_c` d\\_e');
  });
});

describe('the writers of names', () => {
  it('G7 refuse what is no name', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        if (!/^[A-Za-z_$][\w$]*$/.test(text)) expect(() => identifier(text)).toThrow(TypeError);
        if (!/^[\w./-]+$/.test(text)) expect(() => pathText(text)).toThrow(TypeError);
        if (!/^[A-Za-z][\w.]*$/.test(text)) {
          const entity = { name: text, attributes: [] };
          expect(() => entityDiagram([entity], [])).toThrow(TypeError);
        }
      }),
      many,
    );
    expect(() => pathText('a/../b')).toThrow(TypeError);
  });

  it('keep an attribute called like a key mark apart from it', () => {
    const attributes = [{ name: 'pk', type: 'string', key: undefined }] as const;
    expect(String(entityDiagram([{ name: 'class', attributes }], []))).toBe(
      'erDiagram\n  "class" {\n    string pk_\n  }',
    );
  });
});

describe('fragments', () => {
  it('are joined as they are', () => {
    expect(String(join([fixed('a'), fixed('b')], ', '))).toBe('a, b');
    expect(String(fragment`<${fixed('a')}>`)).toBe('<a>');
    expect(fragment``).toBeInstanceOf(Fragment);
  });

  it('are not made of text that only a user knows', () => {
    const typed: string = 'x';
    // @ts-expect-error a string of unknown letters needs a writer
    fixed(typed);
    // @ts-expect-error so does a separator
    join([], typed);
  });
});
