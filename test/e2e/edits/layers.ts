import { add, comment, crlf, editsOf, swap, tabs, then, type Edit, type Rows } from './texts.ts';

const services: Rows = [
  [
    'hooks',
    swap([
      'crud(context, book)',
      'crud(context, book, {\n    beforeWrite: (document) => {\n      document.title = document.title.trim(); // mineHook\n    },\n  })',
    ]),
  ],
  [
    'own methods',
    swap([
      '=> crud(context, book);',
      '=> {\n  const service = crud(context, book);\n  return { ...service, mineTotal: () => service.model.name.length };\n};',
    ]),
  ],
  [
    'try and catch',
    swap([
      '=> crud(context, book);',
      "=> {\n  try {\n    return crud(context, book);\n  } catch (problem) {\n    throw new Error('mineProblem', { cause: problem });\n  }\n};",
    ]),
  ],
  [
    'function',
    swap([
      'export const books = (context: Context) => crud(context, book);',
      'export function books(context: Context) {\n  // mineComment\n  return crud(context, book);\n}',
    ]),
  ],
  [
    'parameter renamed',
    swap(['(context: Context)', '(mineContext: Context)'], ['crud(context', 'crud(mineContext']),
  ],
  ['comment changed', swap(['The rules of /books', 'The mineRules of /books'])],
  [
    'helper',
    add(
      '\n/** mineHelper */\nexport const mineHelper = (context: Context) => books(context).model.name;\n',
    ),
  ],
  ['CRLF', then(add(comment), crlf)],
  [
    'tabs and comment',
    then(swap(['export const books', '// mineComment\nexport const books']), tabs),
  ],
];

const mineRoute = "    .get('/mine', (_req, res) => {\n      res.json({ mine: true });\n    })\n";
const routes: Rows = [
  ['route first', swap(["    .get('/', list", `${mineRoute}    .get('/', list`])],
  ['route in the middle', swap(["    .put('/:id'", `${mineRoute}    .put('/:id'`])],
  ['route last', swap(['remove(service));', `remove(service))\n${mineRoute.trimEnd()};`])],
  [
    'middleware',
    swap([
      "post('/', create(service))",
      "post('/', (_req, _res, mineNext) => mineNext(), create(service))",
    ]),
  ],
  [
    'route removed',
    swap(
      ["\n    .delete('/:id', remove(service));", ';'],
      [', read, remove, replace', ', read, replace'],
    ),
  ],
  [
    'variable renamed',
    (text: string) =>
      text.replaceAll('service = ', 'mineService = ').replaceAll('(service)', '(mineService)'),
  ],
  [
    'statements',
    swap(
      ['  return Router()\n', '  const mineRouter = Router();\n  mineRouter\n'],
      ['remove(service));\n', 'remove(service));\n  return mineRouter;\n'],
    ),
  ],
  [
    'comments',
    swap(
      ["    .put('/:id'", "    // mineComment\n    .put('/:id'"],
      ['  const service', '  // mineOther\n  const service'],
    ),
  ],
  ['CRLF', then(add(comment), crlf)],
];

const tests: Rows = [
  [
    'own test',
    then(
      swap(['import { book }', "import { expect, it } from 'vitest';\nimport { book }"]),
      add("\nit('mineRule holds', () => {\n  expect(book.name).toBe('book');\n});\n"),
    ),
  ],
  [
    'sample',
    swap([
      'conformance(book);',
      'conformance(book, { sample: (n) => ({ title: `mineTitle ${n}` }) });',
    ]),
  ],
  ['comment', swap(['conformance(book);', '// mineComment\nconformance(book);'])],
];

/** Edits of the service, the routes and the tests of a resource. */
export const layerEdits: readonly Edit[] = [
  ...editsOf('service', 'app/services/books.ts', services),
  ...editsOf('route', 'app/routes/books.ts', routes),
  ...editsOf('test', 'tests/books.test.ts', tests),
];
