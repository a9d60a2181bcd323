/** What a project can have on request (`features` of the spec, `--with`), and what it is, in a few words. */
export const features = {
  // one a line
  dashboard: 'a page with live numbers, and alerts',
  webhooks: 'signed messages to other systems about every change of a document',
} as const satisfies Readonly<Record<string, string>>;

/** The words that `features` of a spec and `--with` take. */
export const featureNames: readonly string[] = Object.keys(features);
