import type { Issue } from './check.ts';
import { wordsProblem, quote } from './names.ts';
import { limits, type Spec } from './schema.ts';

/** Like the emitted `everyMs`: the smallest thing that says when. */
const interval = /^[1-9]\d{0,3}[mhd]$/;

/** What is wrong with the automations and webhooks of a spec, and resources in the way of what features bring. */
export function featureIssues(spec: Spec): Issue[] {
  return [
    ...besideIssues(spec),
    ...automationIssues(spec),
    ...webhookIssues(spec),
    ...takenIssues(spec),
  ];
}

/** Beside an application that was not made by us there are resources, and nothing that runs or looks by itself. */
function besideIssues(spec: Spec): Issue[] {
  if (spec.beside === undefined) return [];
  const { pages, features, automations = {}, webhooks = {}, resources } = spec;
  const asked: (readonly [path: Issue['path'], there: boolean])[] = [
    [['pages'], pages !== false],
    [['features'], features.length > 0],
    [['automations'], Object.keys(automations).length > 0],
    [['webhooks'], Object.keys(webhooks).length > 0],
    ...Object.entries(resources).map(
      ([key, { forms }]) => [['resources', key, 'forms'], forms === true] as const,
    ),
  ];
  return asked
    .filter(([, there]) => there)
    .map(([path]) => ({
      path,
      message: `${path.at(-1)} cannot be added to an application that this tool did not make`,
      hint: 'beside it there can be resources only',
    }));
}

function automationIssues({ automations = {} }: Spec): Issue[] {
  const issues = nameIssues('automation', 'automations', Object.keys(automations));
  for (const [name, { every }] of Object.entries(automations)) {
    if (every === undefined || interval.test(every)) continue;
    issues.push({
      path: ['automations', name, 'every'],
      message: `${name} has the interval ${quote(every)}`,
      hint: 'minutes, hours or days, like 5m, 2h or 1d',
    });
  }
  return issues;
}

function webhookIssues({ webhooks = {} }: Spec): Issue[] {
  return nameIssues('webhook', 'webhooks', Object.keys(webhooks));
}

function nameIssues(
  what: string,
  place: 'automations' | 'webhooks',
  names: readonly string[],
): Issue[] {
  const issues: Issue[] = [];
  if (names.length > limits[place])
    issues.push({ path: [place], message: `more than ${limits[place]} ${place}` });
  for (const name of names) {
    const problem = wordsProblem(name, what);
    if (problem !== undefined)
      issues.push({ path: [place, name], message: `the ${what} name cannot be used: ${problem}` });
  }
  return issues;
}

/** What features bring under /api, and the collections they keep: no resource may be, or be called, the same. */
function takenIssues(spec: Spec): Issue[] {
  const taken = takenBy(spec);
  return Object.entries(spec.resources).flatMap(([key, { path, collection }]) =>
    Object.entries({ name: key, path, collection }).flatMap(([member, value]): Issue[] => {
      const owner = taken.get(value);
      if (owner === undefined) return [];
      return [
        {
          path: ['resources', key, ...(member === 'name' ? [] : [member])],
          message: `the ${member} ${quote(value)} of ${key} is that of ${owner}`,
          hint: member === 'name' ? 'rename the resource' : `give ${key} another ${member}`,
        },
      ];
    }),
  );
}

/** The collections that features keep beside those of the resources. */
export function featureCollections(spec: Spec): readonly string[] {
  return broughtBy(spec).flatMap(({ collections }) => collections);
}

/** Names, paths and collections that features have, with what they are. */
function takenBy(spec: Spec): ReadonlyMap<string, string> {
  return new Map(
    broughtBy(spec).flatMap(({ words, collections, owner }) =>
      [...words, ...collections].map((word): [string, string] => [word, owner]),
    ),
  );
}

interface Brought {
  /** Paths under /api, and names of resources. */
  readonly words: readonly string[];
  readonly collections: readonly string[];
  readonly owner: string;
}

function broughtBy({ automations = {}, webhooks = {}, features }: Spec): readonly Brought[] {
  const [hasAutomations, hasWebhooks] = [automations, webhooks].map(
    (named) => Object.keys(named).length > 0,
  );
  const tells = features.includes('webhooks');
  const rows: [boolean | undefined, Brought][] = [
    [hasAutomations, { words: ['/automations'], collections: [], owner: 'the automations' }],
    [
      tells,
      {
        words: ['/webhooks', 'webhookSubscription'],
        collections: ['webhook_subscriptions'],
        owner: 'the subscriptions of the feature webhooks',
      },
    ],
    [
      hasAutomations || hasWebhooks || tells,
      {
        words: ['/runs'],
        collections: ['job_queue'],
        owner: 'the jobs of automations and webhooks',
      },
    ],
  ];
  return rows.flatMap(([there, brought]) => (there === true ? [brought] : []));
}
