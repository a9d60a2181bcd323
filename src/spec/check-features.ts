import type { Issue } from './check.ts';
import { wordsProblem, quote } from './names.ts';
import { limits, type Spec } from './schema.ts';

/** Like the emitted `everyMs`: the smallest thing that says when. */
const interval = /^[1-9]\d{0,3}[mhd]$/;

/** What is wrong with the automations and webhooks of a spec, and resources in the way of what features bring. */
export function featureIssues(spec: Spec): Issue[] {
  return [...automationIssues(spec), ...webhookIssues(spec), ...takenIssues(spec)];
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

/** Where features answer under /api, and the collections they keep: no resource may have either. */
function takenIssues(spec: Spec): Issue[] {
  const taken = takenBy(spec);
  return Object.entries(spec.resources).flatMap(([key, resource]) =>
    (['path', 'collection'] as const).flatMap((member): Issue[] => {
      const owner = taken.get(resource[member]);
      if (owner === undefined) return [];
      return [
        {
          path: ['resources', key, member],
          message: `the ${member} ${quote(resource[member])} of ${key} is that of ${owner}`,
          hint: `give ${key} another ${member}`,
        },
      ];
    }),
  );
}

/** Paths and collections that features have, with what they are. */
function takenBy({ automations = {}, webhooks = {} }: Spec): ReadonlyMap<string, string> {
  const taken = new Map<string, string>();
  if (Object.keys(automations).length > 0) taken.set('/automations', 'the automations');
  if (Object.keys({ ...automations, ...webhooks }).length > 0) {
    taken.set('/runs', 'the runs of automations and webhooks');
    taken.set('job_queue', 'the jobs of automations and webhooks');
  }
  return taken;
}
