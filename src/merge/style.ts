export type StyleOptions = Readonly<Record<string, string | number | boolean>>;

/** Options for the files that a pattern of a configuration names. */
export interface StyleRule {
  readonly matches: (path: string) => boolean;
  readonly options: StyleOptions;
}

/** How a project lays out its files, read as data: code of the project (a JavaScript configuration) is never run. */
export interface ProjectStyle {
  /** Options for prettier that differ from those that files are emitted with; `undefined`: none do. */
  readonly prettier: StyleOptions | undefined;
  /** Options for some files only; later ones win. */
  readonly rules: readonly StyleRule[];
  /** Whether the project says how it formats; without that it is inferred from what a user made of a file. */
  readonly said: boolean;
  /** Files that the project does not format. */
  readonly ignored: (path: string) => boolean;
  /** The line end of new files. */
  readonly eol: '\n' | '\r\n';
}

/** What emitted files are formatted with; `.prettierrc.json` of an emitted project says the same. */
export const emitted = { singleQuote: true, printWidth: 100 } as const;

/** The style that files are emitted in. */
export const emittedStyle: ProjectStyle = {
  prettier: undefined,
  rules: [],
  said: true,
  ignored: () => false,
  eol: '\n',
};

/** The options of prettier for one file; `undefined` when it is laid out as it was emitted. */
export function optionsFor(style: ProjectStyle, path: string): StyleOptions | undefined {
  if (style.ignored(path)) return undefined;
  const special = style.rules.filter(({ matches }) => matches(path));
  const options: StyleOptions = Object.assign(
    { ...emitted },
    style.prettier,
    ...special.map((rule) => rule.options),
  );
  return sameStyle(options) ? undefined : options;
}

/** What prettier does when nothing is said; an option that says the same says nothing. */
const defaults: StyleOptions = {
  printWidth: 80,
  tabWidth: 2,
  useTabs: false,
  semi: true,
  singleQuote: false,
  quoteProps: 'as-needed',
  jsxSingleQuote: false,
  trailingComma: 'all',
  bracketSpacing: true,
  objectWrap: 'preserve',
  bracketSameLine: false,
  arrowParens: 'always',
  proseWrap: 'preserve',
  htmlWhitespaceSensitivity: 'css',
  singleAttributePerLine: false,
};

/** The options of prettier that are known to be data; all others, plugins above all, are left aside. */
export const isStyleOption = (name: string) => Object.hasOwn(defaults, name);

function sameStyle(options: StyleOptions): boolean {
  const full = { ...defaults, ...options };
  const ours: StyleOptions = { ...defaults, ...emitted };
  return Object.keys(defaults).every((name) => full[name] === ours[name]);
}

/** The defaults where they differ from the emitted style: what a configuration that says nothing else means. */
export const prettierDefaults: StyleOptions = { singleQuote: false, printWidth: 80 };
