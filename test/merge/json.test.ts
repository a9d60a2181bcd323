import { parse } from 'jsonc-parser';
import { expect, it } from 'vitest';
import { clean, conflict, merge } from './support.ts';

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

it('changes go into the text of the user: comments, tabs, CRLF, BOM and the order of keys stay', async () => {
  const base = json({ a: 1, b: { c: 1, d: [1, 2] } });
  const ours =
    '\uFEFF{\r\n\t// mine\r\n\t"b": {\r\n\t\t"d": [1, 2], // two\r\n\t\t"c": 1,\r\n\t},\r\n\t"a": 1\r\n}\r\n';
  const theirs = json({ a: 2, b: { c: 1, d: [1, 2], e: { f: 1 } } });
  expect(await clean('x.json', { base, ours, theirs })).toBe(
    '\uFEFF{\r\n\t// mine\r\n\t"b": {\r\n\t\t"d": [1, 2], // two\r\n\t\t"e": {\r\n\t\t\t"f": 1\r\n\t\t},\r\n\t\t"c": 1,\r\n\t},\r\n\t"a": 2\r\n}\r\n',
  );
});

it('a new key follows the neighbour that it has there, in a sorted block its place in the alphabet', async () => {
  const base = json({ fields: { title: 1, author: 2 } });
  const ours = json({ fields: { title: 1, author: 2, mine: 3 } });
  const after = json({ fields: { title: 1, stock: 9, author: 2 } });
  expect(
    Object.keys(parse(await clean('flask-style.json', { base, ours, theirs: after })).fields),
  ).toEqual(['title', 'stock', 'author', 'mine']);
  const sorted = await clean('x.json', {
    base: json({ a: 1, d: 1 }),
    ours: json({ a: 1, b: 1, d: 1 }),
    theirs: json({ a: 1, c: 1, d: 1 }),
  });
  expect(Object.keys(parse(sorted))).toEqual(['a', 'b', 'c', 'd']);
});

it('both sides set a key to something else: a conflict with both values and no markers', async () => {
  const result = await conflict('x.json', {
    base: json({ a: 1, b: 1 }),
    ours: json({ a: 2, b: 1 }),
    theirs: json({ a: 3, b: 5 }),
  });
  expect(result).toMatchObject({
    reason: 'line 2: both sides changed a',
    hunks: [{ line: 2, ours: ['2'], base: ['1'], theirs: ['3'] }],
    marked: undefined,
    kept: json({ a: 2, b: 5 }),
  });
});

it('objects that both sides added are merged; another order of the same keys is nothing', async () => {
  const base = json({ a: 1, b: 2 });
  const added = await clean('x.json', {
    base,
    ours: json({ a: 1, b: 2, c: { x: 1 } }),
    theirs: json({ a: 1, b: 2, c: { y: 1 } }),
  });
  expect(parse(added)).toEqual({ a: 1, b: 2, c: { x: 1, y: 1 } });
  const ours = json({ a: 5, b: 2 });
  expect(await clean('x.json', { base, ours, theirs: json({ b: 2, a: 1 }) })).toBe(ours);
});

it('arrays are one value, but for sets and for scalars that both sides only added', async () => {
  const both = (
    base: readonly unknown[],
    ours: readonly unknown[],
    theirs: readonly unknown[],
    key: string,
  ) =>
    merge('x.json', {
      base: json({ [key]: base }),
      ours: json({ [key]: ours }),
      theirs: json({ [key]: theirs }),
    });
  expect(await both(['a'], ['a', 'b'], ['a', 'c'], 'include')).toMatchObject({ kind: 'clean' });
  expect(await both(['a', 'b'], ['b', 'x'], ['a', 'c'], 'include')).toMatchObject({
    kind: 'conflict',
  });
  expect(await both([{ a: 1 }], [{ a: 1 }, { b: 1 }], [{ a: 1 }, { c: 1 }], 'list')).toMatchObject({
    kind: 'conflict',
  });
  const files = await clean('x.json', {
    base: json({ files: ['a', 'b'] }),
    ours: json({ files: ['b', 'x'] }),
    theirs: json({ files: ['a', 'b', 'c'] }),
  });
  expect(parse(files).files).toEqual(['b', 'c', 'x']);
});

it.each([
  ['does not parse', '{ "a": 1, '],
  ['has a key twice', '{ "a": 1, "a": 2, "c": 1 }'],
])('a file that %s is left alone', async (_what, ours) => {
  const result = await conflict('x.json', {
    base: json({ a: 1 }),
    ours,
    theirs: json({ a: 1, b: 1 }),
  });
  expect(result).toMatchObject({ hunks: [], kept: undefined, marked: undefined });
});

it('without a base both files are brought together', async () => {
  const texts = { base: undefined, ours: json({ a: 1 }), theirs: json({ b: 2, a: 1 }) };
  expect(parse(await clean('x.json', texts))).toEqual({ a: 1, b: 2 });
  await conflict('x.json', { ...texts, theirs: json({ a: 2 }) });
});

it('large JSON is merged by lines where that comes to the same, else by key', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 9000 }, (_, at) => [`key ${String(at)}`, { at }]),
  );
  const base = json({ first: 1, ...many, last: 1 });
  const ours = base.replace('"at": 4000', '"at": "mine"');
  const merged = await clean('x.json', {
    base,
    ours,
    theirs: base.replace('"last": 1', '"last": 2'),
  });
  expect(merged).toBe(ours.replace('"last": 1', '"last": 2'));
  // Lines alone would have this key twice.
  const twice = await clean('x.json', {
    base,
    ours: base.replace('{\n', '{\n  "new": 1,\n'),
    theirs: base.replace('"last": 1', '"last": 1,\n  "new": 1'),
  });
  expect(twice.match(/"new": 1/g)).toHaveLength(1);
  // By lines the change would go into what the user renamed: by key it is one of a thing that is gone.
  const deep = json({ ...many, deep: { a: 1, b: 1, c: 1, d: 1 } });
  const renamed = {
    base: deep,
    ours: deep.replace('"deep"', '"mine"'),
    theirs: deep.replace('"d": 1', '"d": 2'),
  };
  expect((await conflict('x.json', renamed)).reason).toContain('you removed deep');
  const same = {
    base,
    ours: base.replace('"last": 1', '"last": 3'),
    theirs: base.replace('"last": 1', '"last": 2'),
  };
  expect((await conflict('x.json', same)).reason).toContain('both sides changed last');
});

it('large JSON that the user had laid out anew keeps that layout, and its comments', async () => {
  const value = Object.fromEntries(
    Array.from({ length: 4000 }, (_, at) => [`key ${String(at)}`, { at, tags: ['a', 'b'] }]),
  );
  const base = json(value);
  const mine = { ...value, 'key 7': { at: 'mine' } };
  const theirs = json({ ...value, 'key 9': { at: 'theirs' } });
  const both = { ...mine, 'key 9': { at: 'theirs' } };
  for (const unit of ['\t', '    ', '']) {
    const ours = `${JSON.stringify(mine, undefined, unit)}\n`;
    const merged = await clean('x.json', { base, ours, theirs });
    expect(merged).toBe(`${JSON.stringify(both, undefined, unit)}\n`);
  }
  const remark = '// a "quoted": remark of mine\n';
  expect(await clean('x.json', { base, ours: remark + json(mine), theirs })).toBe(
    remark + json(both),
  );
  // A layout that no program writes goes by key.
  const own = `${JSON.stringify(mine, undefined, '\t')}\n`.replace('{\n', '{\n\n\n');
  expect(await clean('x.json', { base, ours: own, theirs })).toBe(
    `${JSON.stringify(both, undefined, '\t')}\n`.replace('{\n', '{\n\n\n'),
  );
});

it('objects in an array are merged by their names, when each has one', async () => {
  const list = (...tags: readonly object[]) => json({ tags });
  const base = list({ name: 'a', text: 1 }, { name: 'b', text: 1 });
  const ours = list({ name: 'a', text: 'mine' }, { name: 'b', text: 1 }, { name: 'd' });
  const theirs = list({ name: 'a', text: 1 }, { name: 'b', text: 2 }, { name: 'c', text: 1 });
  expect(await clean('x.json', { base, ours, theirs })).toBe(
    list(
      { name: 'a', text: 'mine' },
      { name: 'b', text: 2 },
      { name: 'c', text: 1 },
      { name: 'd' },
    ),
  );
  const other = list({ name: 'a', text: 'theirs' }, { name: 'b', text: 1 });
  expect((await conflict('x.json', { base, ours, theirs: other })).reason).toBe(
    'line 5: both sides changed text',
  );
  // A name that is there twice is none.
  const twice = list({ name: 'a' }, { name: 'a', text: 1 });
  await conflict('x.json', { base: twice, ours: list({ name: 'm' }), theirs: list({ name: 'a' }) });
});

it.each([
  ['above', (text: string) => text.replace('  "b"', '  // mine\n  "b"')],
  ['behind', (text: string) => text.replace('  },\n', '  }, // mine\n')],
  ['within', (text: string) => text.replace('"x"', '"x" /* mine */')],
])('a comment %s what the generator drops is not dropped with it', async (_where, edit) => {
  const base = json({ a: 1, b: { type: 'x' }, c: 3 });
  const theirs = json({ a: 1, c: 3 });
  const outer = (text: string) => `{\n"all": ${text}}\n`;
  const { reason } = await conflict('x.json', { base, ours: edit(base), theirs });
  expect(reason).toMatch(/^line [34]: you changed b, which the generator removes$/);
  // Wherever it stands.
  const deep = { base: outer(base), ours: outer(edit(base)), theirs: outer(theirs) };
  expect((await conflict('x.json', deep)).reason).toContain('you changed b');
});
