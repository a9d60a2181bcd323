import type { View } from '../render/types.ts';
import type { Spec } from '../spec/schema.ts';
import type { SetName } from './templates.ts';
import { formResources, formsView } from './view/forms.ts';
import { pageNames, pagesView, titleOf } from './view/pages.ts';
import type { Link, Row } from './view/registries.ts';

/** One thing that a spec asks for once or many times: a page, a webhook. Its set is emitted for each. */
interface Items {
  readonly set: SetName;
  readonly of: (spec: Spec) => readonly Item[];
}

/** Where its files go (`{{file}}` in their paths), and what fills their holes. */
interface Item {
  readonly file: string;
  readonly view: View;
}

/**
 * An optional part of a project: a folder of templates that only adds files, and its rows in the registries.
 * Its `package.json`, `.env.example`, `README.md` and ignore files are joined with those of the project.
 */
export interface Feature {
  readonly set: SetName;
  readonly chosen: (spec: Spec) => boolean;
  /** Files of `app/routes/`: what answers outside /api. */
  readonly sites?: readonly Row[];
  /** Files of `app/routes/`: what answers under /api. */
  readonly blueprints?: readonly Row[];
  /** Files of `app/`: what runs beside the requests. */
  readonly workers?: readonly Row[];
  /** Files of `app/`: variables of the environment, as zod types. */
  readonly settings?: readonly Row[];
  /** Variables that production does not start without; `settings` have them too. */
  readonly secrets?: readonly string[];
  /** Lines of `app/navigation.ts`: where the pages lead. */
  readonly links?: (spec: Spec) => readonly Link[];
  /** What fills the holes of its templates, by path. */
  readonly views?: (spec: Spec) => ReadonlyMap<string, View>;
  readonly items?: Items;
}

/** Every optional part, in the order in which their rows and sections stand. */
const all: readonly Feature[] = [
  {
    set: 'pages',
    chosen: ({ pages }) => pages !== false,
    sites: [{ name: 'pages', file: 'pages' }],
    links: (spec) => pageNames(spec).map((name) => ({ path: `/${name}`, title: titleOf(name) })),
    views: (spec) => new Map([['app/routes/pages.ts', pagesView(spec)]]),
    items: { set: 'page', of: (spec) => pageNames(spec).map((name) => ({ file: name, view: {} })) },
  },
  {
    set: 'forms',
    chosen: (spec) => spec.features.includes('forms') || formResources(spec).length > 0,
    sites: [{ name: 'forms', file: 'forms' }],
    settings: [{ name: 'formVariables', file: 'forms/settings' }],
    secrets: ['FORMS_SECRET'],
    links: () => [{ path: '/forms', title: 'Forms' }],
    views: (spec) => new Map([['app/routes/forms.ts', formsView(spec)]]),
  },
  { set: 'embedded', chosen: ({ database }) => database === 'embedded' },
  { set: 'external', chosen: ({ database }) => database === 'none' },
];

/** The optional parts that a spec asks for. */
export function featuresOf(spec: Spec): readonly Feature[] {
  return all.filter(({ chosen }) => chosen(spec));
}
