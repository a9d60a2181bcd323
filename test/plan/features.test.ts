import { describe, expect, it } from 'vitest';
import type { Spec } from '../../src/spec/schema.ts';
import { emitted, specOf } from './support.ts';

const shop = specOf({ product: { name: { type: 'string' } } });
const whole = await emitted(shop);

/** Paths that only one of two emissions has, and paths whose text differs. */
const difference = async (
  change: Partial<Spec>,
): Promise<{
  files: ReadonlyMap<string, string>;
  gone: string[];
  made: string[];
  other: string[];
}> => {
  const files = await emitted({ ...shop, ...change });
  return {
    files,
    gone: [...whole.keys()].filter((path) => !files.has(path)),
    made: [...files.keys()].filter((path) => !whole.has(path)),
    other: [...files]
      .filter(([path, text]) => whole.has(path) && whole.get(path) !== text)
      .map(([path]) => path),
  };
};

const mentions = (files: ReadonlyMap<string, string>, words: RegExp): string[] =>
  [...files].filter(([, text]) => words.test(text)).map(([path]) => path);

describe('what was not asked for leaves nothing', () => {
  it('G45 pages: no file, dependency, route or line', async () => {
    const { files, gone, made, other } = await difference({ pages: false });
    expect(made).toEqual([]);
    expect(
      gone.every((path) =>
        /^app\/(?:static|templates|navigation|pages|views|routes\/pages)|^tests\/project\/pages/.test(
          path,
        ),
      ),
    ).toBe(true);
    expect(gone).toContain('app/views.ts');
    expect(other.sort()).toEqual([
      '.prettierignore',
      'README.md',
      'app/routes/index.ts',
      'flask-style.json',
      'package.json',
    ]);
    expect(mentions(files, /nunjucks|views\.ts|welcome page/)).toEqual([]);
  });

  it('G45 a page: its template, its route and its line in the navigation', async () => {
    const { files, gone, made, other } = await difference({ pages: ['about-us', 'contact'] });
    expect(gone).toEqual([]);
    expect(made).toEqual(['app/templates/about-us.html', 'app/templates/contact.html']);
    expect(other.sort()).toEqual(['app/navigation.ts', 'app/routes/pages.ts', 'flask-style.json']);
    expect(files.get('app/navigation.ts')).toContain("  { path: '/about-us', title: 'About us' },");
    expect(files.get('app/routes/pages.ts')).toContain(
      "  app.get('/about-us', (_req, res) => {\n    res.send(renderTemplate('about-us.html', { title: 'About us' }));\n  });\n\n",
    );
    const without = await difference({ pages: true });
    expect([...without.gone, ...without.made, ...without.other]).toEqual([]);
  });

  it('G45 forms: only with them their files, setting, secret and line in the navigation', async () => {
    expect(mentions(whole, /FORMS_SECRET|\bforms?\/|csrf/i)).toEqual([]);
    const { files, gone, made, other } = await difference({ features: ['forms'] });
    expect(gone).toEqual([]);
    const own =
      /^app\/(?:forms\/|templates\/forms\/|routes\/forms\.ts|static\/css\/forms\.css)|^tests\/(?:project\/forms\.test|support\/form)\.ts/;
    expect(made.filter((path) => !own.test(path))).toEqual([]);
    expect(other.sort()).toEqual([
      '.env.example',
      '.github/workflows/ci.yml',
      'README.md',
      'app/navigation.ts',
      'app/routes/index.ts',
      'app/settings.ts',
      'flask-style.json',
    ]);
    for (const path of ['.env.example', '.github/workflows/ci.yml'])
      expect(files.get(path), path).toContain('FORMS_SECRET');
  });

  it('G45 forms of one resource: no line about another', async () => {
    const [product, tag] = [
      { name: { type: 'string' } } as const,
      { name: { type: 'string' } } as const,
    ];
    const spec = specOf({ product, tag });
    const one = { ...spec.resources, product: { ...spec.resources['product'], forms: true } };
    const files = await emitted({ ...spec, resources: one as Spec['resources'] });
    expect(files.get('app/routes/forms.ts')).toContain('  products,\n]);');
    expect(files.get('app/routes/forms.ts')).not.toContain('tags');
    expect(files.get('app/models/product.ts')).not.toContain('forms');
  });

  it('G45 the embedded database: no file and no line', async () => {
    const { files, gone, made, other } = await difference({ database: 'none' });
    expect(made).toEqual([]);
    expect(gone.sort()).toEqual(['dev/embedded-mongo.d.mts', 'dev/embedded-mongo.mjs']);
    expect(other.sort()).toEqual([
      '.github/workflows/ci.yml',
      '.gitignore',
      '.prettierignore',
      'README.md',
      'dev/database.ts',
      'flask-style.json',
    ]);
    expect(mentions(files, /embedded-mongo/)).toEqual([]);
  });

  it('G45 the dashboard: its files, its registries, its calls to others', async () => {
    expect(mentions(whole, /dashboard|ALERT_|outbound/i)).toEqual([]);
    const { files, gone, made, other } = await difference({ features: ['dashboard'] });
    expect(gone).toEqual([]);
    const own = /^app\/dashboard\/|^app\/routes\/dashboard|^tests\/project\/(?:dashboard|outbound)/;
    expect(made.filter((path) => !own.test(path)).sort()).toEqual([
      'app/ops/addresses.ts',
      'app/ops/outbound.ts',
      'app/ops/signature.ts',
    ]);
    expect(other.sort()).toEqual([
      '.env.example',
      'README.md',
      'app/navigation.ts',
      'app/routes/index.ts',
      'app/settings.ts',
      'app/workers.ts',
      'flask-style.json',
    ]);
    // It needs no package, and works without the pages.
    expect(files.get('package.json')).toBe(whole.get('package.json'));
    const bare = await difference({ features: ['dashboard'], pages: false });
    expect(bare.files.get('app/routes/index.ts')).toContain('dashboard');
  });

  it('G45 the other package manager: no call', async () => {
    // An allow-list may name both lock files: the one that is not there harms nobody.
    expect(mentions(whole, /\bpnpm\b/)).toEqual(['.dockerignore']);
    const { files, gone, made, other } = await difference({ packageManager: 'pnpm' });
    expect([...gone, ...made]).toEqual([]);
    expect(other.sort()).toEqual([
      '.github/workflows/ci.yml',
      'Dockerfile',
      'README.md',
      'flask-style.json',
    ]);
    for (const path of ['.github/workflows/ci.yml', 'Dockerfile', 'README.md'])
      expect(files.get(path)).not.toMatch(/\bnpm (?:ci|install|run|test)|package-lock/);
  });

  it('G45 automations: files of their own, and a line in each registry', async () => {
    const { files, gone, made, other } = await difference({ automations: { report: {} } });
    expect(gone).toEqual([]);
    expect(
      made
        .filter((path) => !/^(?:app|tests)\/(?:automations|jobs|support\/jobs)\b/.test(path))
        .sort(),
    ).toEqual([
      'app/routes/automations.ts',
      'app/routes/runs.ts',
      'tests/project/automations.test.ts',
      'tests/project/jobs.test.ts',
    ]);
    expect(made).toContain('app/automations/report.ts');
    expect(made).toContain('tests/automations/report.test.ts');
    expect(other.sort()).toEqual([
      '.env.example',
      'README.md',
      'app/described.ts',
      'app/routes/index.ts',
      'app/settings.ts',
      'app/storage.ts',
      'app/workers.ts',
      'flask-style.json',
      'openapi.json',
    ]);
    expect(files.get('package.json')).toBe(whole.get('package.json'));
    expect(mentions(whole, /automation|job_queue|JOB_SLOTS/i)).toEqual([]);
  });

  it('G45 webhooks: the receiver, the jobs, and what a signature needs', async () => {
    const webhooks = { github: { scheme: 'github' } } as const;
    const { files, gone, made, other } = await difference({ webhooks });
    expect(gone).toEqual([]);
    expect(made.filter((path) => !/^(?:app|tests)\/(?:webhooks|jobs)\b/.test(path)).sort()).toEqual(
      [
        'app/ops/signature.ts',
        'app/routes/runs.ts',
        'app/routes/webhooks.ts',
        'tests/project/jobs.test.ts',
        'tests/project/webhooks.test.ts',
        'tests/support/deliveries.ts',
        'tests/support/jobs.ts',
      ],
    );
    expect(other.sort()).toEqual([
      '.env.example',
      '.github/workflows/ci.yml',
      'README.md',
      'app/described.ts',
      'app/routes/index.ts',
      'app/settings.ts',
      'app/storage.ts',
      'app/workers.ts',
      'flask-style.json',
      'openapi.json',
    ]);
    expect(files.get('package.json')).toBe(whole.get('package.json'));
    expect(mentions(whole, /webhook/i)).toEqual([]);
  });

  it('G45 webhooks to others: a resource, an outbox, calls out, and a line in each registry', async () => {
    const { files, gone, made, other } = await difference({ features: ['webhooks'] });
    expect(gone).toEqual([]);
    expect(made.filter((path) => !/^app\/(?:events|jobs)\b/.test(path)).sort()).toEqual([
      'app/models/webhook-subscription.ts',
      'app/ops/addresses.ts',
      'app/ops/outbound.ts',
      'app/ops/signature.ts',
      'app/routes/runs.ts',
      'app/routes/webhook-subscriptions.ts',
      'app/services/webhook-subscriptions.ts',
      'tests/project/events.test.ts',
      'tests/project/jobs.test.ts',
      'tests/project/outbound.test.ts',
      'tests/support/jobs.ts',
      'tests/webhook-subscriptions.test.ts',
    ]);
    expect(other.sort()).toEqual([
      '.env.example',
      'README.md',
      'app/described.ts',
      'app/models/index.ts',
      'app/routes/index.ts',
      'app/settings.ts',
      'app/storage.ts',
      'app/workers.ts',
      'flask-style.json',
      'openapi.json',
    ]);
    expect(files.get('package.json')).toBe(whole.get('package.json'));
  });

  it('G45 a second automation: its two files and a line in one registry', async () => {
    const one = await emitted({ ...shop, automations: { report: {} } });
    const two = await emitted({ ...shop, automations: { report: {}, cleanup: {} } });
    expect([...two.keys()].filter((path) => !one.has(path)).sort()).toEqual([
      'app/automations/cleanup.ts',
      'tests/automations/cleanup.test.ts',
    ]);
    const other = [...two].filter(([path, text]) => one.has(path) && one.get(path) !== text);
    expect(other.map(([path]) => path)).toEqual(['app/automations/index.ts', 'flask-style.json']);
  });

  it('G45 a resource: its four files and a line in each registry', async () => {
    const two = await emitted(
      specOf({ product: { name: { type: 'string' } }, tag: { name: { type: 'string' } } }),
    );
    const made = [...two.keys()].filter((path) => !whole.has(path));
    expect(made.sort()).toEqual([
      'app/models/tag.ts',
      'app/routes/tags.ts',
      'app/services/tags.ts',
      'tests/tags.test.ts',
    ]);
    const other = [...two].filter(([path, text]) => whole.has(path) && whole.get(path) !== text);
    expect(other.map(([path]) => path).sort()).toEqual([
      'README.md',
      'app/models/index.ts',
      'app/routes/index.ts',
      'flask-style.json',
      'openapi.json',
    ]);
  });
});
