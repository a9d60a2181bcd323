/** What a project can have on request (`features` of the spec, `--with`), and what it is, in a few words. */
export const features = {
  // one a line
  forms: 'pages to list, show, make, change and delete documents, without scripts',
  dashboard: 'a page with live numbers, and alerts',
  webhooks: 'signed messages to other systems about every change of a document',
  k8s: 'what runs the image on Kubernetes',
} as const satisfies Readonly<Record<string, string>>;

/** The words that `features` of a spec and `--with` take. */
export const featureNames: readonly string[] = Object.keys(features);

/** The words that `add feature` takes: the HTML side of a project is on by default, and can be taken out as well. */
export const switchNames: readonly string[] = [...featureNames, 'pages'];
