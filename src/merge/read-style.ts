import { parse as parseJsonc, type ParseError } from 'jsonc-parser';
import { decode, lfText, linesOf } from './decode.ts';
import { readEditorConfig } from './editorconfig.ts';
import { globOf, ignoreOf } from './glob.ts';
import {
  emittedStyle,
  isStyleOption,
  prettierDefaults,
  type ProjectStyle,
  type StyleOptions,
  type StyleRule,
} from './style.ts';

/** Where a project may say how it formats, in the order in which prettier looks. Only data: no JavaScript. */
const configurations = [
  'package.json',
  '.prettierrc',
  '.prettierrc.json',
  '.prettierrc.yaml',
  '.prettierrc.yml',
];

/** The files, by path from the root of the project, that `styleOf` reads when they are there. */
export const styleFiles: readonly string[] = [
  ...configurations,
  '.editorconfig',
  '.prettierignore',
];

type Settings = Readonly<Record<string, unknown>>;

/**
 * How a project lays out its files. What cannot be read, or names code (a shared configuration, a plugin), says
 * nothing: the style is then inferred from what the user made of a file.
 */
export async function styleOf(files: ReadonlyMap<string, Uint8Array>): Promise<ProjectStyle> {
  const text = (path: string) => {
    const bytes = files.get(path);
    const file = bytes === undefined ? undefined : decode(bytes).file;
    return file === undefined ? undefined : lfText(file);
  };
  const editor = readEditorConfig(text('.editorconfig') ?? '');
  let settings: Settings | undefined;
  for (const path of configurations) {
    const source = text(path);
    if (source === undefined || settings !== undefined) continue;
    const found = await settingsOf(path, source);
    settings = path === 'package.json' ? recordOf(found?.['prettier']) : found;
  }
  const options = optionsOf(settings ?? {});
  const end = settings?.['endOfLine'];
  return {
    // Without a configuration of prettier, what is not said stays as it is emitted.
    prettier: settings === undefined ? undefined : { ...prettierDefaults, ...options },
    rules: [
      ...editor.rules.map((rule) => withOptions(rule, options)),
      ...overridesOf(settings?.['overrides']),
    ],
    said: settings !== undefined,
    ignored: ignoreOf(linesOf(text('.prettierignore') ?? '')),
    eol: end === 'crlf' ? '\r\n' : end === 'lf' ? '\n' : (editor.eol ?? emittedStyle.eol),
  };
}

async function settingsOf(path: string, source: string): Promise<Settings | undefined> {
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(source, errors, { allowTrailingComma: true });
  if (errors.length === 0) return recordOf(value);
  if (path.endsWith('.json')) return undefined;
  const { parse } = await import('yaml');
  try {
    return recordOf(parse(source));
  } catch {
    return undefined;
  }
}

const recordOf = (value: unknown): Settings | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;

function optionsOf(settings: Settings): StyleOptions {
  const options: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(settings)) {
    if (!isStyleOption(name)) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      options[name] = value;
    }
  }
  return options;
}

/** Options of `.editorconfig` without those that prettier's own configuration sets, which wins. */
const withOptions = (rule: StyleRule, set: StyleOptions): StyleRule => ({
  ...rule,
  options: Object.fromEntries(
    Object.entries(rule.options).filter(([name]) => !Object.hasOwn(set, name)),
  ),
});

function overridesOf(value: unknown): readonly StyleRule[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): readonly StyleRule[] => {
    const override = recordOf(entry);
    const files = patternsOf(override?.['files']);
    const excluded = patternsOf(override?.['excludeFiles']);
    const options = optionsOf(recordOf(override?.['options']) ?? {});
    const matches = (path: string) =>
      files.some((test) => test(path)) && !excluded.some((test) => test(path));
    return [{ matches, options }];
  });
}

function patternsOf(value: unknown): readonly ((path: string) => boolean)[] {
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  return patterns.flatMap((pattern) => (typeof pattern === 'string' ? [globOf(pattern)] : []));
}
