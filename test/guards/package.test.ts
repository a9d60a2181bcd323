import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  scripts: Record<string, string>;
}

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { steps: Step[]; permissions?: Record<string, string>; environment?: string }
  >;
}

const workflow = async (name: string): Promise<Workflow> =>
  parse(await readFile(path.join(root, '.github/workflows', name), 'utf8')) as Workflow;

describe('the package', () => {
  it('G40 holds only what the tool needs, runs nothing at install, has few exact dependencies', async () => {
    const manifest = JSON.parse(
      await readFile(path.join(root, 'package.json'), 'utf8'),
    ) as Manifest;
    const { dependencies, devDependencies, scripts } = manifest;
    expect(Object.keys(dependencies).length).toBeLessThanOrEqual(15);
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^(npm:express@)?\d+\.\d+\.\d+$/);
    for (const hook of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(scripts).not.toHaveProperty(hook);

    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
    });
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [
      { files: { path: string }[] },
    ];
    const files = packed.files.map((file) => file.path);
    const allowed = /^(bin\/|dist\/|templates\/|LICENSE$|README\.md$|package\.json$)/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
    expect(files.filter((file) => /(^|\/)(\.env|id_rsa|.*\.pem)$/.test(file))).toEqual([]);
    expect(files).toContain('templates/project/gitignore');
    expect(files).toContain('templates/embedded/dev/embedded-mongo.mjs');
  });
});

describe('our own workflows', () => {
  it('G42 G41 pin actions to commits, read only, and never run on pull_request_target or with a cache', async () => {
    for (const name of await readdir(path.join(root, '.github/workflows'))) {
      const { on, permissions, jobs } = await workflow(name);
      expect(Object.keys(on)).not.toContain('pull_request_target');
      expect(permissions).toEqual({ contents: 'read' });
      for (const { steps } of Object.values(jobs)) {
        for (const step of steps) {
          if (step.uses !== undefined) expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
          expect(step.run ?? '').not.toContain('${{');
          expect(step.with ?? {}).not.toHaveProperty('cache');
        }
      }
    }
  });

  it('G41 publishes from a job of its own, approved, with provenance and without a stored token', async () => {
    const { jobs } = await workflow('publish.yml');
    const [[, job] = []] = Object.entries(jobs);
    expect(job?.environment).toBe('npm');
    expect(job?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    const commands = job?.steps.map((step) => step.run ?? '') ?? [];
    expect(commands).toContain('npm ci --ignore-scripts');
    expect(commands.at(-1)).toBe('npm publish --provenance --access public');
    const text = await readFile(path.join(root, '.github/workflows/publish.yml'), 'utf8');
    expect(text).not.toContain('secrets.');
  });

  it('G42 the repository has a licence, a security policy, code owners and an update bot', async () => {
    for (const file of ['LICENSE', 'SECURITY.md', '.github/CODEOWNERS', '.github/dependabot.yml'])
      expect((await readFile(path.join(root, file), 'utf8')).length).toBeGreaterThan(20);
    const bot = parse(await readFile(path.join(root, '.github/dependabot.yml'), 'utf8')) as {
      updates: { 'package-ecosystem': string }[];
    };
    expect(bot.updates.map((update) => update['package-ecosystem'])).toEqual([
      'npm',
      'github-actions',
    ]);
  });
});
