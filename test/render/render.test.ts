import { describe, expect, it } from 'vitest';
import { contextOf } from '../../src/render/fragment.ts';
import { createFiller } from '../../src/render/handlebars.ts';
import { render } from '../../src/render/index.ts';
import type { FileOp, Template, View } from '../../src/render/types.ts';
import { fixed } from '../../src/render/writers/fixed.ts';
import { ts } from '../../src/render/writers/typescript.ts';

const { fill } = createFiller();

const op = (path: string, template: Partial<Template>, view: View = {}): FileOp => ({
  path,
  template: { name: path, holes: true, source: '', overridden: false, ...template } as Template,
  view,
  merge: 'text',
  mode: 0o644,
  owner: 'project',
});

const textOf = async (file: FileOp): Promise<string> => {
  const tree = await render([file]);
  return Buffer.from(tree.get(file.path)?.content ?? '').toString();
};

describe('templates', () => {
  it('substitute and loop, and escape nothing', async () => {
    const view = { title: fixed('<a & b>'), rows: [{ name: fixed('x') }, { name: fixed('y') }] };
    const source = '{{title}}\n{{#each rows}}\n- {{name}}\n{{/each}}\n';
    expect(await fill(source, view)).toBe('<a & b>\n- x\n- y\n');
  });

  it.each([
    '{{missing}}',
    '{{constructor}}',
    '{{__proto__}}',
    '{{toString}}',
    '{{#each no}}{{/each}}',
  ])('G8 do not know %s', async (source) => {
    await expect(fill(source, {})).rejects.toThrow();
  });

  it.each([
    '{{#if a}}x{{/if}}',
    '{{lookup a "b"}}',
    '{{log a}}',
    '{{> partial}}',
    '{{#with a}}{{/with}}',
  ])('cannot decide or reach out: %s', async (source) => {
    await expect(fill(source, { a: fixed('a') })).rejects.toThrow();
  });

  it('G8 never read a value as template', async () => {
    const value = ts('{{7*7}} {{constructor.constructor}}');
    expect(await fill('{{a}}', { a: value })).toBe("'{{7*7}} {{constructor.constructor}}'");
  });
});

describe('a view', () => {
  it('G8 reaches the template without prototypes', () => {
    const context = contextOf({ rows: [{}] });
    expect(Object.getPrototypeOf(context)).toBeNull();
    expect(Object.values(context['rows'] ?? {}).map(Object.getPrototypeOf)).toEqual([null]);
  });

  it.each([['a', 1, true, null, ['x'], { deep: ['x'] }]])(
    'G7 holds no text that went through no writer',
    (...values) => {
      for (const value of values) {
        // @ts-expect-error plain text is no fragment
        const view: View = { value };
        expect(() => contextOf(view)).toThrow(/made by no writer/);
      }
    },
  );
});

describe('render', () => {
  it('formats what a long value pushed over the print width', async () => {
    const view = { value: ts('word '.repeat(19).trim()) };
    expect(
      await textOf(
        op('a.ts', { source: 'export const a = {\n  description: {{value}},\n};\n' }, view),
      ),
    ).toMatch(/\n {2}description:\n {4}'word/);
  });

  it('formats what a project put in place of a template, and leaves our own as it is', async () => {
    const source = 'const a = "b"\n';
    expect(await textOf(op('a.ts', { source, overridden: true }))).toBe("const a = 'b';\n");
    expect(await textOf(op('a.ts', { source }))).toBe(source);
  });

  it('copies a file without holes byte by byte', async () => {
    const content = Buffer.from([0, 255, 13, 10]);
    const tree = await render([op('a.png', { holes: false, content } as Partial<Template>)]);
    expect(tree.get('a.png')?.content).toEqual(content);
  });

  it('sorts by code unit', async () => {
    const tree = await render(['b', 'a', 'Z', 'ä'].map((path) => op(path, {})));
    expect([...tree.keys()]).toEqual(['Z', 'a', 'b', 'ä']);
  });
});
