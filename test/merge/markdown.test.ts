import { expect, it } from 'vitest';
import { merge, textOf, clean, conflict } from './support.ts';

const base = `# shop

A shop.

## Resources

### Authors

Who writes.

| Field  | Type   |
| ------ | ------ |
| \`name\` | string |

\`\`\`sh
# no heading
curl -d '{"name":"First","born":1}'
\`\`\`

### Books

What is sold.

## Tests

How it is tested.
`;
const grown = base
  .replace('| `name` | string |\n', '| `name` | string |\n| `born` | date   |\n')
  .replace('"born":1', '"born":1,"died":2')
  .replace('### Books', '### Boats\n\nWhat floats.\n\n### Books');

const merged = async (ours: string, theirs = grown) => {
  const result = await merge('README.md', { base, ours, theirs });
  if (result.kind === 'conflict') throw new Error(result.reason);
  return { text: textOf(result.content), notes: result.notes };
};

it('a section that the user took out stays away, and that is told', async () => {
  const authors = base.slice(base.indexOf('### Authors'), base.indexOf('### Books'));
  const { text, notes } = await merged(base.replace(authors, ''));
  expect(text).toBe(
    base.replace(authors, '').replace('### Books', '### Boats\n\nWhat floats.\n\n### Books'),
  );
  expect(notes).toEqual(["the section 'Authors' stays away: you removed it"]);
});

it('a README that the user wrote anew stays as it is', async () => {
  const own = '# Mine\n\nAll my own.\n\n## Start\n\nHow.\n';
  const { text, notes } = await merged(own);
  expect(text).toBe(own);
  expect(notes).toEqual(["the section 'shop' stays away: you removed it"]);
});

it('sections that the user moved, renamed and added take what the generator adds', async () => {
  const authors = base.slice(base.indexOf('### Authors'), base.indexOf('### Books'));
  const ours = base
    .replace(authors, '')
    .replace('What is sold.\n\n', `What is sold.\n\n### Mine\n\nMy text.\n\n${authors}`);
  const { text } = await merged(ours);
  expect(text).toContain('### Mine\n\nMy text.\n\n### Authors\n');
  expect(text).toContain('| `born` | date   |\n');
  expect(text).toContain('### Boats\n\nWhat floats.\n\n');
  expect(text.match(/### Authors/g)).toHaveLength(1);
});

it('other words of one line are brought together; the same ones are a conflict', async () => {
  const { text } = await merged(base.replace('"First"', '"Mine"'));
  expect(text).toContain(`curl -d '{"name":"Mine","born":1,"died":2}'\n`);
  const both = {
    base,
    ours: base.replace('Who writes', 'Mine'),
    theirs: base.replace('writes', 'wrote'),
  };
  expect((await conflict('README.md', both)).reason).toBe(
    "line 7: both sides changed the section 'Authors'",
  );
});

it('a section that the generator drops and the user edited is a conflict', async () => {
  const authors = base.slice(base.indexOf('### Authors'), base.indexOf('### Books'));
  const ours = base.replace('Who writes.', 'Who writes, mine.');
  const { reason } = await conflict('README.md', { base, ours, theirs: base.replace(authors, '') });
  expect(reason).toContain("you changed the section 'Authors', which the generator removes");
});

it('a heading in a block of code is none', async () => {
  const ours = base.replace('# no heading\n', '# no heading\n## mine\n');
  expect(await clean('README.md', { base, ours, theirs: grown })).toContain('## mine\ncurl');
});

it('a row whose name the user explained gets another rule, or another name, and a row more', async () => {
  const explained = base.replace('| `name` |', '| `name` (printed) |');
  const table = (rows: readonly string[]) =>
    base.replace(/\| Field[^]*?string \|\n/, () => rows.map((row) => `${row}\n`).join(''));
  const rule = table([
    '| Field  | Type              |',
    '| ------ | ----------------- |',
    '| `name` | string, to be set |',
    '| `born` | date              |',
  ]);
  expect((await merged(explained, rule)).text).toBe(
    table([
      '| Field            | Type              |',
      '| ---------------- | ----------------- |',
      '| `name` (printed) | string, to be set |',
      '| `born`           | date              |',
    ]),
  );
  const renamed = table([
    '| Field     | Type   |',
    '| --------- | ------ |',
    '| `surname` | string |',
  ]);
  expect((await merged(explained, renamed)).text).toContain('| `surname` (printed) | string |');
});
