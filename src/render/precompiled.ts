/** What handlebars makes of templates, by their source: the build puts it here, and from `src` each run makes it itself. */
export const precompiled: ReadonlyMap<string, TemplateSpecification> = new Map();
