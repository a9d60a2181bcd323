import { add, bom, crlf, editsOf, first, swap, tabs, then, type Edit, type Rows } from './texts.ts';

const readmes: Rows = [
  ['section at end', add('\n## mineSection\n\nmineText here.\n')],
  [
    'section before Resources',
    swap(['## Resources\n', '## mineSection\n\nmineText.\n\n## Resources\n']),
  ],
  ['prose of books', swap(['What is sold.\n', 'What mineShop sells.\n\nmineMore about it.\n'])],
  [
    'row of the table',
    swap([
      '| `category`  | id of /categories | emptied when its target is deleted              |\n',
      '| `category`  | id of /categories | emptied when its target is deleted              |\n| `mineField` | string            |                                                 |\n',
    ]),
  ],
  [
    'cell of the table',
    swap([
      '| `stock`     | integer           | at least 0; default `0`                         |',
      '| `stock`     | integer           | at least 0; default `0`; mineCell               |',
    ]),
  ],
  [
    'table squeezed',
    (text: string) =>
      text.replaceAll(/ {2,}\|/g, ' |').replace('What is sold.', 'mineText. What is sold.'),
  ],
  [
    'paragraph below the table of books',
    swap(['```sh\nbookId=', 'mineParagraph.\n\n```sh\nbookId=']),
  ],
  ['paragraph at the end of books', swap(['### Customers\n', 'mineParagraph.\n\n### Customers\n'])],
  [
    'section of books removed',
    (text: string) =>
      `${text.slice(0, text.indexOf('### Books'))}${text.slice(text.indexOf('### Customers'))}`,
  ],
  ['section before Books', swap(['### Books\n', '### mineSection\n\nmineText.\n\n### Books\n'])],
  ['example changed', swap(['"title":"First book"', '"title":"mineBook"'])],
  ['comment', swap(['### Books\n', '<!-- mineComment -->\n\n### Books\n'])],
  ['starred bullets', (text: string) => `${text.replaceAll(/^- /gm, '* ')}\nmineText\n`],
  ['CRLF', then(add('\nmineText\n'), crlf)],
  ['replaced', () => '# mineProject\n\nmineText only.\n'],
];

const openapis: Rows = [
  ['description', swap(['"What is sold."', '"What mineShop sells."'])],
  [
    'own path',
    swap([
      '  "paths": {\n',
      '  "paths": {\n    "/api/mine": {\n      "get": {\n        "summary": "mine",\n        "responses": {}\n      }\n    },\n',
    ]),
  ],
  [
    'own server',
    swap([
      '      "url": "/"\n    }\n',
      '      "url": "/"\n    },\n    {\n      "url": "https://mine.example.com"\n    }\n',
    ]),
  ],
  ['tabs', then(tabs, swap(['"What is sold."', '"What mineShop sells."']))],
  ['CRLF', then(swap(['"What is sold."', '"What mineShop sells."']), crlf)],
  ['one line', (text: string) => JSON.stringify({ ...JSON.parse(text), 'x-mine': 1 })],
  [
    'own key last',
    (text: string) => `${JSON.stringify({ ...JSON.parse(text), 'x-mine': 1 }, null, 2)}\n`,
  ],
];

const specs: Rows = [
  [
    'comments',
    swap(
      ['    "book": {\n', '    // mineComment\n    "book": {\n'],
      ['        "isbn": {', '        /* mineOther */\n        "isbn": {'],
    ),
  ],
  [
    'comment behind last field',
    (text: string) =>
      text.replace(
        /("onDelete": "nullify",\s*"to": "category"\s*\})(\s*\}\s*\},\s*"customer")/,
        '$1 // mineComment$2',
      ),
  ],
  ['tabs', then(tabs, first('// mineComment\n'))],
  ['CRLF', then(first('// mineComment\n'), crlf)],
  ['BOM', then(first('// mineComment\n'), bom)],
  [
    'one line fields',
    (text: string) =>
      text
        .replaceAll(/\{\n\s+("type": "[a-z]+")\n\s+\}/g, '{ $1 }')
        .replace('{\n', '{\n  // mineComment\n'),
  ],
  [
    'trailing commas',
    (text: string) =>
      text.replaceAll(/"\n(\s*\})/g, '",\n$1').replace('{\n', '{\n  // mineComment\n'),
  ],
  [
    'resources reordered',
    (text: string) => {
      const value = JSON.parse(text);
      const { book, ...rest } = value.resources;
      return `// mineComment\n${JSON.stringify({ ...value, resources: { book, ...rest } }, null, 2)}\n`;
    },
  ],
];

/** Edits of the documents at the top of a project. */
export const documentEdits: readonly Edit[] = [
  ...editsOf('readme', 'README.md', readmes),
  ...editsOf('openapi', 'openapi.json', openapis),
  ...editsOf('spec', 'flask-style.json', specs),
];
