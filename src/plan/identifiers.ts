import { kebabCase } from '../spec/names.ts';
import type { ResourceSpec } from '../spec/schema.ts';

/** What the things of one resource are called in the emitted code. */
export interface Identifiers {
  readonly model: string;
  readonly type: string;
  readonly service: string;
  readonly routes: string;
  /** Names of files, without folder and ending. */
  readonly singularFile: string;
  readonly pluralFile: string;
}

const reserved = [
  'abstract any arguments as async await boolean break case catch class const continue debugger declare default',
  'delete do else enum eval export extends false finally for from function get if implements import in infer',
  'instanceof interface is keyof let module namespace never new null number object of package private protected',
  'public readonly require return satisfies set static string super switch symbol this throw true try type typeof',
  'undefined unique unknown var void while with yield',
];
const globals = [
  'buffer clearInterval clearTimeout console crypto exports fetch global globalThis infinity intl isFinite isNaN',
  'json math navigator performance process queueMicrotask reflect structuredClone',
];
/** What the files of a resource import or declare beside it. */
const imported = [
  'blueprint context create crud list model models patch read remove replace router service stored blueprints',
  'conformance services routes describe it expect test',
];
const avoided = new Set(
  [...reserved, ...globals, ...imported].flatMap((words) => words.split(' ')),
);
/** Types that a document type of the same name would hide from the code around it. */
const types = new Set(
  [
    'Array ArrayBuffer BigInt Boolean Buffer Context Date Error Event File Function Headers Infinity Intl Iterator',
    'JSON Map Math Model NaN Number Object Partial Pick Promise Proxy Readonly Record Reflect RegExp Request Required',
    'Response Router Set Stored String Symbol URL WeakMap WeakSet',
  ].flatMap((words) => words.split(' ')),
);
/** Files of `app/routes` that features bring: kept free in every project, so that a feature can be added later. */
const takenFiles = new Map(
  ['automations', 'dashboard', 'forms', 'pages', 'runs', 'webhooks'].map((file) => [
    file,
    `${file}-api`,
  ]),
);

/** Names for one resource that neither the language nor the code around them has taken. */
export function identifiersOf(singular: string, resource: ResourceSpec): Identifiers {
  const { plural } = resource;
  const capital = singular.charAt(0).toUpperCase() + singular.slice(1);
  const model = avoided.has(singular) || singular === plural ? `${singular}Model` : singular;
  const service = avoided.has(plural) ? `${plural}Service` : plural;
  return {
    model,
    type: types.has(capital) ? `${capital}Document` : capital,
    service,
    routes: `${singular}Routes`,
    singularFile: kebabCase(singular),
    pluralFile: takenFiles.get(plural) ?? kebabCase(plural),
  };
}
