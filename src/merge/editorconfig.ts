import { globOf } from './glob.ts';
import type { StyleOptions, StyleRule } from './style.ts';

type Section = readonly [pattern: string, values: ReadonlyMap<string, string>];

/** What `.editorconfig` says about layout, as rules for prettier, and the line end of all files. */
export function readEditorConfig(text: string): {
  readonly rules: readonly StyleRule[];
  readonly eol: '\n' | '\r\n' | undefined;
} {
  const sections = sectionsOf(text);
  const ends = sections.findLast(
    ([pattern, values]) => pattern === '*' && values.has('end_of_line'),
  );
  const end = ends?.[1].get('end_of_line');
  return {
    rules: sections.map(([pattern, values]) => ({
      matches: globOf(pattern),
      options: optionsOf(values),
    })),
    eol: end === 'crlf' ? '\r\n' : end === 'lf' ? '\n' : undefined,
  };
}

function sectionsOf(text: string): readonly Section[] {
  const sections: [string, Map<string, string>][] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && line.endsWith(']')) sections.push([line.slice(1, -1), new Map()]);
    const equals = line.indexOf('=');
    const open = sections.at(-1);
    if (equals === -1 || open === undefined || line.startsWith('[')) continue;
    const name = line.slice(0, equals).trim().toLowerCase();
    open[1].set(
      name,
      line
        .slice(equals + 1)
        .trim()
        .toLowerCase(),
    );
  }
  return sections;
}

/** The same translation that prettier makes. */
function optionsOf(values: ReadonlyMap<string, string>): StyleOptions {
  const options: Record<string, string | number | boolean> = {};
  const style = values.get('indent_style');
  if (style === 'tab' || style === 'space') options['useTabs'] = style === 'tab';
  const size = values.get('indent_size');
  const width = Number(
    size === 'tab' ? values.get('tab_width') : (size ?? values.get('tab_width')),
  );
  if (Number.isInteger(width) && width > 0) options['tabWidth'] = width;
  const line = Number(values.get('max_line_length'));
  if (Number.isInteger(line) && line > 0) options['printWidth'] = line;
  return options;
}
