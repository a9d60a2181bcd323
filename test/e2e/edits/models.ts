import {
  add,
  bare,
  bom,
  comment,
  crlf,
  doubleNoSemi,
  editsOf,
  first,
  four,
  mixed,
  swap,
  tabs,
  then,
  type Edit,
  type Rows,
} from './texts.ts';

const model = 'app/models/book.ts';
const title = "    title: { type: 'string', required: true, search: true, maxLength: 200 },\n";
const category = "    category: { type: 'ref', onDelete: 'nullify', to: 'category' },\n";
const lib = 'app/mine.ts';
const libText = () =>
  'export const mineLimit = 77;\nexport const mineText = (text: string) => text.trim();\n';
const own = "    mineField: { type: 'string', maxLength: 10 },\n";

const rows: Rows = [
  ['field at end', swap([category, category + own])],
  ['field behind title', swap([title, title + own])],
  ['field first', swap([title, own + title])],
  [
    'two fields around',
    swap(
      [title, own.replace('Field', 'First') + title + own],
      [category, category + own.replace('Field', 'Last')],
    ),
  ],
  ['tune title', swap(['maxLength: 200 }', "maxLength: 200, description: 'mineTitle' }"])],
  ['tune category', swap(["to: 'category' }", "to: 'category', description: 'mineCategory' }"])],
  ['comment above title', swap([title, `    // mineComment\n${title}`])],
  ['comment behind title', swap([title, title.replace('\n', ' // mineComment\n')])],
  ['comment behind category', swap([category, category.replace('\n', ' // mineComment\n')])],
  ['comment below category', swap([category, `${category}    // mineComment\n`])],
  [
    'block comment above isbn',
    swap([
      '    isbn:',
      '    /**\n     * mineComment of the number,\n     * mineOther.\n     */\n    isbn:',
    ]),
  ],
  [
    'title over lines',
    swap([
      title,
      "    title: {\n      type: 'string',\n      required: true,\n      search: true,\n      maxLength: 200, // mineComment\n    },\n",
    ]),
  ],
  ['blank lines between fields', swap([title, `${title}\n    // mineComment\n\n`])],
  ['tabs', then(tabs, add('// mineComment\n'))],
  ['four spaces', then(four, add('// mineComment\n'))],
  ['double quotes, no semicolons', then(doubleNoSemi, add('// mineComment\n'))],
  ['CRLF', then(add(comment), crlf)],
  ['BOM, no final newline', then(add(comment), bom, bare)],
  ['mixed line ends', then(add(comment), mixed)],
  ['fields reordered', swap([title, ''], [category, `${category}    // mineComment\n${title}`])],
  ['field removed', swap(["    tags: { type: 'string', array: true, maxLength: 40 },\n", ''])],
  ['last field removed', swap([category, ''])],
  [
    'own const used',
    swap(
      [
        'export const book',
        "const mineTitle = { type: 'string', required: true, search: true, maxLength: 200 } as const;\n\nexport const book",
      ],
      [title, '    title: mineTitle,\n'],
    ),
  ],
  [
    'spread at the end',
    swap(
      [
        'export const book',
        "const mineCommon = { mineNote: { type: 'text' } } as const;\n\nexport const book",
      ],
      [category, `${category}    ...mineCommon,\n`],
    ),
  ],
  [
    'spread first',
    swap(
      [
        'export const book',
        "const mineCommon = { mineNote: { type: 'text' } } as const;\n\nexport const book",
      ],
      [title, `    ...mineCommon,\n${title}`],
    ),
  ],
  ['option', swap(['  fields: {', '  requireIfMatch: true, // mineOption\n  fields: {'])],
  ['description changed', swap(["'What is sold.'", "'What mineShop sells.'"])],
  ['helper at end', add('\nexport const mineHelper = (one: Book) => one.title.trim();\n')],
  [
    'fields taken out',
    (text) => {
      const from = text.indexOf('  fields: {\n');
      const to = text.indexOf('\n  },\n', from) + '\n  },\n'.length;
      const literal = text.slice(from + '  fields: '.length, to - ',\n'.length);
      const own = `const mineFields = ${literal.replaceAll('\n  ', '\n')} as const;\n\n`;
      return swap(
        [text.slice(from, to), '  fields: mineFields,\n'],
        ['export const book', `${own}export const book`],
      )(text);
    },
  ],
  ['comma left out', swap([category, category.replace('},\n', '} // mineComment\n')])],
  ['commented field', swap([category, `${category}    // mineOld: { type: 'string' },\n`])],
  ['header', first('/* mineHeader: licence */\n')],
];

const others: readonly Edit[] = [
  {
    kind: 'model: type replaced',
    files: {
      [model]: swap([
        'export type Book = Stored<typeof book>;',
        'export interface Book extends Stored<typeof book> {\n  mineExtra?: string;\n}',
      ]),
    },
    // The later version names the type otherwise, in the very line that is replaced.
    disputes: ['update'],
  },
  {
    kind: 'model: import and use',
    files: {
      [lib]: libText,
      [model]: swap(
        ["'../core/model.ts';\n", "'../core/model.ts';\nimport { mineLimit } from '../mine.ts';\n"],
        ['maxLength: 200', 'maxLength: mineLimit'],
      ),
    },
  },
  {
    kind: 'model: const renamed everywhere',
    files: {
      [model]: swap(['const book', 'const mineBook'], ['typeof book', 'typeof mineBook']),
      'app/models/index.ts': swap(
        ['import { book }', 'import { mineBook }'],
        ['  book,\n', '  mineBook,\n'],
      ),
      'app/services/books.ts': swap(
        ['import { book }', 'import { mineBook }'],
        ['crud(context, book)', 'crud(context, mineBook)'],
      ),
      'tests/books.test.ts': swap(
        ['import { book }', 'import { mineBook }'],
        ['conformance(book)', 'conformance(mineBook)'],
      ),
    },
  },
];

/** Edits of a model. */
export const modelEdits: readonly Edit[] = [...editsOf('model', model, rows), ...others];
