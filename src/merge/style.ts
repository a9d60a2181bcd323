/** How a project lays out its files, read as data: code of the project (a JavaScript configuration) is never run. */
export interface ProjectStyle {
  /** Options for prettier that differ from those that files are emitted with; `undefined`: none do. */
  readonly prettier: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** The style that files are emitted in. */
export const emittedStyle: ProjectStyle = { prettier: undefined };
