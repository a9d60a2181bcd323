import { describedAutomations } from '../../templates/automations/app/automations/described.ts';
import { describedRuns } from '../../templates/jobs/app/jobs/described.ts';
import type { Described } from '../../templates/project/app/core/openapi-described.ts';
import { describedWebhooks } from '../../templates/webhooks-in/app/webhooks/described.ts';
import { describedDeliveries } from '../../templates/webhooks-out/app/events/described.ts';
import type { View } from '../render/types.ts';
import type { ResourceSpec, Spec } from '../spec/schema.ts';
import { secretName, type Secret } from './secrets.ts';
import { webhookSubscription } from './subscriptions.ts';
import type { SetName } from './templates.ts';
import { formResources, formsView } from './view/forms.ts';
import { kustomizationView } from './view/kubernetes.ts';
import { pageNames, pagesView, titleOf } from './view/pages.ts';
import type { Link, Row } from './view/registries.ts';
import { automationsView, automationView } from './view/automation.ts';
import { webhooksView, webhookSettingsView, webhookView } from './view/webhook.ts';

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

/** A row of `app/described.ts`, and what that file says: `openapi.json` is made before there is a project to ask. */
interface DescribedRow extends Row {
  readonly endpoints: Described;
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
  /** Lines of `app/navigation.ts`: where the pages lead. */
  readonly links?: (spec: Spec) => readonly Link[];
  /** Files of `app/`: collections beside those of the models. */
  readonly collections?: readonly Row[];
  /** Files of `app/`: who is told of every change of a document. */
  readonly witnesses?: readonly Row[];
  /** Resources of its own. Files of its set stand in the place of those that every resource has. */
  readonly resources?: Readonly<Record<string, ResourceSpec>>;
  /** Files of `app/`: kinds of jobs, for the queue of the set `jobs`. */
  readonly jobs?: readonly Row[];
  /** Files of `app/`: what it answers beside the resources, for openapi.json. */
  readonly described?: readonly DescribedRow[];
  /** What fills the holes of its templates, by path. */
  readonly views?: (spec: Spec) => ReadonlyMap<string, View>;
  readonly items?: Items;
  /** Variables of the environment that hold secrets which production needs. */
  readonly secrets?: (spec: Spec) => readonly Secret[];
}

const automationsOf = ({ automations = {} }: Spec) => Object.keys(automations);
const webhooksOf = ({ webhooks = {} }: Spec) => Object.entries(webhooks);
const tells = ({ features }: Spec) => features.includes('webhooks');
const hasJobs = (spec: Spec) =>
  automationsOf(spec).length > 0 || webhooksOf(spec).length > 0 || tells(spec);
const callsOut = (spec: Spec) => spec.features.includes('dashboard') || tells(spec);

/** Every optional part, in the order in which their rows and sections stand. */
const all: readonly Feature[] = [
  {
    set: 'dashboard',
    chosen: ({ features }) => features.includes('dashboard'),
    sites: [{ name: 'dashboard', file: 'dashboard' }],
    workers: [{ name: 'alerts', file: 'dashboard/worker' }],
    settings: [{ name: 'alertVariables', file: 'dashboard/settings' }],
    links: () => [{ path: '/dashboard', title: 'Dashboard' }],
  },
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
    secrets: () => [{ name: 'FORMS_SECRET', scheme: 'hex' }],
    links: () => [{ path: '/forms', title: 'Forms' }],
    views: (spec) => new Map([['app/routes/forms.ts', formsView(spec)]]),
  },
  {
    set: 'jobs',
    chosen: hasJobs,
    blueprints: [{ name: 'runRoutes', file: 'runs' }],
    workers: [{ name: 'jobWorker', file: 'jobs/worker' }],
    settings: [{ name: 'jobSettings', file: 'jobs/settings' }],
    collections: [{ name: 'jobQueue', file: 'jobs/job' }],
    described: [{ name: 'describedRuns', file: 'jobs/described', endpoints: describedRuns }],
  },
  {
    set: 'automations',
    chosen: (spec) => automationsOf(spec).length > 0,
    blueprints: [{ name: 'automationRoutes', file: 'automations' }],
    jobs: [{ name: 'automationJobs', file: 'automations/jobs' }],
    described: [
      {
        name: 'describedAutomations',
        file: 'automations/described',
        endpoints: describedAutomations,
      },
    ],
    views: (spec) => new Map([['app/automations/index.ts', automationsView(spec)]]),
    items: {
      set: 'automation',
      of: ({ automations = {} }) =>
        Object.entries(automations).map(([file, automation]) => ({
          file,
          view: automationView(file, automation),
        })),
    },
  },
  {
    set: 'webhooks-in',
    chosen: (spec) => webhooksOf(spec).length > 0,
    sites: [{ name: 'webhookReceivers', file: 'webhooks' }],
    jobs: [{ name: 'webhookJobs', file: 'webhooks/jobs' }],
    described: [
      { name: 'describedWebhooks', file: 'webhooks/described', endpoints: describedWebhooks },
    ],
    settings: [{ name: 'webhookSettings', file: 'webhooks/settings' }],
    secrets: (spec) =>
      webhooksOf(spec).map(([name, { scheme }]) => ({ name: secretName(name), scheme })),
    views: (spec) =>
      new Map([
        ['app/webhooks/index.ts', webhooksView(spec)],
        ['app/webhooks/settings.ts', webhookSettingsView(spec)],
      ]),
    items: {
      set: 'webhook-in',
      of: (spec) =>
        webhooksOf(spec).map(([file, webhook]) => ({ file, view: webhookView(file, webhook) })),
    },
  },
  {
    set: 'webhooks-out',
    chosen: tells,
    resources: { webhookSubscription },
    jobs: [{ name: 'eventJobs', file: 'events/jobs' }],
    witnesses: [{ name: 'outbox', file: 'events/outbox' }],
    described: [
      { name: 'describedDeliveries', file: 'events/described', endpoints: describedDeliveries },
    ],
  },
  {
    set: 'k8s',
    chosen: ({ features }) => features.includes('k8s'),
    views: (spec) =>
      new Map([
        ['k8s/kustomization.yaml', kustomizationView(spec.name)],
        ['k8s/network-policy.yaml', { calls: callsOut(spec) ? [{}] : [] }],
      ]),
  },
  { set: 'embedded', chosen: ({ database }) => database === 'embedded' },
  { set: 'external', chosen: ({ database }) => database === 'none' },
  // Calls to addresses that others name: chosen by every feature that makes any.
  { set: 'outbound', chosen: callsOut },
  // Messages that are signed, or whose signature is checked.
  { set: 'signature', chosen: (spec) => callsOut(spec) || webhooksOf(spec).length > 0 },
];

/** The optional parts that a spec asks for. */
export function featuresOf(spec: Spec): readonly Feature[] {
  return all.filter(({ chosen }) => chosen(spec));
}
