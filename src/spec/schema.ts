import * as z from 'zod';

/** What JSON can say. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Every field type, in the order in which help and questions list them. */
export const fieldTypes = [
  'string',
  'text',
  'integer',
  'number',
  'decimal',
  'boolean',
  'date',
  'datetime',
  'email',
  'url',
  'slug',
  'uuid',
  'ref',
  'enum',
  'object',
  'json',
  'point',
  'password',
] as const;

export type FieldType = (typeof fieldTypes)[number];

/** One field. With `array`, the limits speak of the items and `maxItems` of the list. */
export interface FieldSpec {
  type: FieldType;
  description?: string;
  required?: true;
  unique?: true;
  index?: true;
  array?: true;
  private?: true;
  readonly?: true;
  search?: true;
  min?: number | string;
  max?: number | string;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  onDelete?: 'restrict' | 'cascade' | 'nullify';
  pattern?: string;
  default?: JsonValue;
  /** enum: the words allowed. */
  values?: string[];
  /** ref: the key of the resource that it points to. */
  to?: string;
  /** object: its own fields. */
  fields?: Record<string, FieldSpec>;
}

/** One resource; its key in the spec is the singular in camelCase. */
export interface ResourceSpec {
  plural: string;
  path: string;
  collection: string;
  description?: string;
  search?: 'text';
  requireIfMatch?: true;
  requireIdempotencyKey?: true;
  /** Pages under /forms, also when `features` does not ask for those of every resource. */
  forms?: true;
  fields: Record<string, FieldSpec>;
}

/** Work that people, other programs or the clock start; its key is its name in kebab-case. */
export interface AutomationSpec {
  description?: string;
  /** `5m`, `2h`, `1d`: how often it starts by itself. */
  every?: string;
}

/** Signed requests from another system; the key is the name in `/webhooks/<name>`, in kebab-case. */
export interface WebhookSpec {
  /** How the other system signs: GitHub's way, or that of standardwebhooks.com. */
  scheme: (typeof webhookSchemes)[number];
}

export const webhookSchemes = ['github', 'standard'] as const;

/** Where and how the layout lies in an Express project that was not made by us. */
export interface Beside {
  /** The folder that takes the place of `app/`; `api` where there was an `app` before. */
  folder: 'app' | 'api' | 'src/app' | 'src/api';
  /** The ending of the files. */
  ending: 'ts' | 'js' | 'mjs' | 'cjs';
  /** How they are loaded; TypeScript is left to its compiler. */
  modules: 'esm' | 'commonjs';
  /** The ending of the paths in imports. */
  imports: 'ts' | 'js' | 'mjs' | 'cjs' | 'none';
}

/** A whole project, every default filled in. */
export interface Spec {
  $schema?: string;
  version: 1;
  name: string;
  description?: string;
  packageManager: 'npm' | 'pnpm';
  database: 'embedded' | 'none';
  /** true: the welcome page; names: those pages as well. */
  pages: boolean | string[];
  features: string[];
  automations?: Record<string, AutomationSpec>;
  webhooks?: Record<string, WebhookSpec>;
  /** Only in projects that were not made by us. */
  beside?: Beside;
  resources: Record<string, ResourceSpec>;
}

/**
 * What a spec may hold at most: bytes of the file, levels of its JSON, resources, fields a resource
 * (nested ones counted), levels of objects in a field (one below the eight of a request body), automations,
 * webhooks, and lengths in characters.
 */
export const limits = {
  bytes: 5_000_000,
  depth: 64,
  resources: 2000,
  fields: 200,
  objectDepth: 7,
  nameLength: 64,
  enumValues: 200,
  textLength: 10_000,
  items: 1000,
  automations: 200,
  webhooks: 50,
  description: 1000,
  pages: 100,
} as const;

const flag = z.literal(true).exactOptional();
/** A whole number between the two; anything else is told in one sentence, whatever is wrong with it. */
function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error).exactOptional();
}

const length = whole(0, limits.textLength);
const bound = z
  .union([z.number(), z.string().max(64)], { error: 'must be a number, or a text of at most 64' })
  .exactOptional();
const description = z.string().max(limits.description).exactOptional();
const json: z.ZodType<JsonValue> = z.json();

const fieldShape = z
  .strictObject({
    type: z.enum(fieldTypes),
    description,
    required: flag.describe('The value must be sent and may not be null'),
    unique: flag.describe('No two documents have the same value'),
    index: flag.describe('The database keeps an index'),
    array: flag.describe('A list of such values'),
    private: flag.describe('Accepted on write, never answered'),
    readonly: flag.describe('Set by the server only'),
    search: flag.describe('Searched by ?q='),
    min: bound,
    max: bound,
    minLength: length,
    maxLength: length,
    maxItems: whole(1, limits.items),
    onDelete: z.enum(['restrict', 'cascade', 'nullify']).exactOptional(),
    pattern: z.string().min(1).max(200, 'must have at most 200 characters').exactOptional(),
    default: json.exactOptional(),
    values: z
      .array(z.string())
      .min(1)
      .max(limits.enumValues, `must be at most ${limits.enumValues}`)
      .exactOptional(),
    to: z.string().exactOptional(),
    // A getter, because a field may hold fields.
    get fields(): z.ZodExactOptional<z.ZodType<Record<string, FieldSpec>>> {
      return z.record(z.string(), field).exactOptional();
    },
  })
  .meta({ id: 'field', description: 'One field of a resource' });

const field: z.ZodType<FieldSpec> = fieldShape;

/** What no field may say, whatever its type, as the end of a sentence about it: a length of -1, say. */
export function shapeProblem(value: FieldSpec): string | undefined {
  const issue = fieldShape.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  const key = issue.path.join('.');
  return `has ${key === 'values' ? key : `a ${key}`} that ${issue.message}`;
}

/** The keys that a field may have, for suggestions. */
export const fieldKeys = Object.keys(fieldShape.shape);

const resource = z
  .strictObject({
    plural: z.string().exactOptional().describe('The plural in camelCase'),
    path: z.string().exactOptional().describe('Where it answers under /api'),
    collection: z.string().exactOptional().describe('The MongoDB collection'),
    description,
    search: z.literal('text').exactOptional().describe('?q= uses a text index'),
    requireIfMatch: flag,
    requireIdempotencyKey: flag,
    forms: flag.describe('Pages to list, show, make, change and delete its documents'),
    fields: z.record(z.string(), field),
  })
  .meta({ id: 'resource', description: 'One resource; the key is its singular in camelCase' });

const automation = z
  .strictObject({
    description,
    every: z.string().exactOptional().describe('How often it starts by itself: 5m, 2h, 1d'),
  })
  .meta({ id: 'automation', description: 'An automation; the key is its name in kebab-case' });

const webhook = z
  .strictObject({ scheme: z.enum(webhookSchemes).describe('How the sender signs') })
  .meta({ id: 'webhook', description: 'A webhook; the key is its name in kebab-case' });

/** flask-style.json as people write it: the names that follow from others may be left out. */
export const specInput = z
  .strictObject({
    $schema: z.string().exactOptional(),
    version: z.literal(1).default(1),
    name: z.string().exactOptional(),
    description,
    packageManager: z.enum(['npm', 'pnpm']).default('npm'),
    database: z.enum(['embedded', 'none']).default('embedded'),
    pages: z
      .union([z.boolean(), z.array(z.string()).max(limits.pages)], {
        error: `must be true, false or a list of at most ${limits.pages} names`,
      })
      .default(true)
      .describe(
        'The HTML side: true is the welcome page alone, names such as about are more pages',
      ),
    features: z.array(z.string()).default([]),
    automations: z.record(z.string(), automation).exactOptional(),
    webhooks: z.record(z.string(), webhook).exactOptional(),
    beside: z
      .strictObject({
        folder: z.enum(['app', 'api', 'src/app', 'src/api']),
        ending: z.enum(['ts', 'js', 'mjs', 'cjs']),
        modules: z.enum(['esm', 'commonjs']),
        imports: z.enum(['ts', 'js', 'mjs', 'cjs', 'none']),
      })
      .exactOptional()
      .describe('Where and how the layout lies in a project that was not made by us'),
    resources: z.record(z.string(), resource),
  })
  .meta({
    title: 'flask-style.json',
    description: 'The spec of a create-flask-style-api project',
  });

export type SpecInput = z.output<typeof specInput>;

/** The keys that a resource may have, for suggestions. */
export const resourceKeys = Object.keys(resource.shape);

/** The keys that an automation and a webhook may have, for suggestions. */
export const automationKeys = Object.keys(automation.shape);
export const webhookKeys = Object.keys(webhook.shape);
