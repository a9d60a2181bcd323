import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { useProject } from './support/hooks.ts';

const project = useProject();
const read = (file: string) => readFile(join(project.path, file), 'utf8');

/** Every emitted file but those of the tool's own state and the linked packages. */
async function files(): Promise<string[]> {
  const all = await readdir(project.path, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(project.path.length + 1))
    .filter((file) => !/^(node_modules|\.flask-style)\//.test(file));
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<
    string,
    { permissions?: unknown; steps: { uses?: string; run?: string; with?: object }[] }
  >;
}

describe('container image', () => {
  it('E9 is built in stages, runs as a numbered user, with node as process 1 and a health check', async () => {
    const text = await read('Dockerfile');
    const stages = text.split(/^FROM /m).slice(1);
    expect(stages.length).toBeGreaterThanOrEqual(2);
    expect(text).toMatch(/^ARG NODE_IMAGE=node:24-bookworm-slim$/m);
    expect(stages.every((stage) => stage.startsWith('${NODE_IMAGE}'))).toBe(true);
    expect(text).toContain('npm ci --omit=dev --ignore-scripts');
    const last = stages.at(-1) ?? '';
    expect(last).toMatch(/^USER \d+(:\d+)?$/m);
    expect(last).toMatch(/^CMD \["node", "dist\/run\.js"\]$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).not.toMatch(/COPY \. |npm |ADD /);
    expect(text).not.toMatch(/:latest|curl .*\| *sh/);
  });

  it('E10 carries no secret, no history, no tests', async () => {
    expect(await read('Dockerfile')).not.toMatch(/(ARG|ENV) \w*(SECRET|TOKEN|PASSWORD|KEY|URI)/i);
    const lines = (await read('.dockerignore')).split('\n').map((line) => line.trim());
    // Everything is ignored first; what is let in again has none of them in it.
    expect(lines.find((line) => line !== '' && !line.startsWith('#'))).toBe('*');
    const admitted = lines.filter((line) => line.startsWith('!'));
    for (const name of ['.env', '.git', 'node_modules', 'tests', 'dev'])
      expect(admitted).not.toContain(`!${name}`);
    expect(lines).toContain('**/.env*');
  });

  it('E12 compose keeps the database to itself, on a volume, with a health check', async () => {
    const compose = parse(await read('compose.yaml')) as {
      services: Record<
        string,
        {
          image?: string;
          ports?: string[];
          networks?: string[];
          volumes?: string[];
          healthcheck?: object;
          environment?: Record<string, string>;
          read_only?: boolean;
          stop_grace_period?: string;
          command?: string[];
        }
      >;
      networks: Record<string, { internal?: boolean } | null>;
      volumes: object;
    };
    const [, mongo] =
      Object.entries(compose.services).find(([, service]) => service.image?.startsWith('mongo:')) ??
      [];
    expect(mongo).toBeDefined();
    expect((mongo?.ports ?? []).every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    for (const network of mongo?.networks ?? [])
      expect(compose.networks[network]?.internal, network).toBe(true);
    expect(mongo?.networks?.length).toBeGreaterThan(0);
    expect(
      mongo?.volumes?.some((volume) =>
        Object.keys(compose.volumes).includes(volume.split(':')[0] ?? ''),
      ),
    ).toBe(true);
    // Transactions need a replica set, of one member: the health check makes it.
    expect(mongo?.command).toEqual(expect.arrayContaining(['--replSet', 'rs0']));
    expect(JSON.stringify(mongo?.healthcheck)).toContain('rs.initiate');
    expect(compose.services.api?.read_only).toBe(true);
    // DRAIN_SECONDS, then the requests in flight: a container that is killed before has lost them.
    expect(compose.services.api?.stop_grace_period).toBe('15s');
    expect(JSON.stringify(compose)).not.toMatch(/password|INITDB_ROOT/i);
    expect(await read('README.md')).toMatch(/compose[^]*no password|no password[^]*compose/i);
  });
});

describe('workflow', () => {
  it('E13 has the least permissions, pinned actions, and none of the three bricks of a takeover', async () => {
    const text = await read('.github/workflows/ci.yml');
    const workflow = parse(text) as Workflow;
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(text).not.toMatch(/\$\{\{\s*github\.event|actions\/cache|secrets\./);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      expect(job.permissions, name).toBeUndefined();
      for (const step of job.steps) {
        if (step.uses !== undefined) expect(step.uses).toMatch(/@([0-9a-f]{40}|v\d+(\.\d+){0,2})$/);
        if (/npm (ci|install)/.test(step.run ?? ''))
          expect(step.run).toContain('npm ci --ignore-scripts');
      }
    }
  });

  it('E13 runs the tests twice: on the embedded database and on MongoDB', async () => {
    expect(await read('.github/workflows/ci.yml')).toMatch(/image: mongo:8[^]*MONGODB_URI/);
  });

  it('checks style, types and the promise of openapi.json, and starts the image', async () => {
    const { jobs } = parse(await read('.github/workflows/ci.yml')) as Workflow;
    const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run));
    for (const script of ['lint', 'typecheck', 'contract:check', 'test', 'build'])
      expect(
        commands.some((run) => run.endsWith(` ${script}`)),
        script,
      ).toBe(true);
    expect(commands).toContainEqual(expect.stringContaining('docker compose up --build'));
    expect(commands).toContainEqual(expect.stringContaining('/readyz'));
  });
});

describe('dependencies', () => {
  it('E14 have exact versions, a driver without the pool defect, and a bot that moves them', async () => {
    const manifest = JSON.parse(await read('package.json')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
      scripts: Record<string, string>;
    };
    for (const [name, version] of Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
    }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    const [major = 0, minor = 0] = (manifest.dependencies.mongodb ?? '').split('.').map(Number);
    expect(major > 7 || (major === 7 && minor >= 8)).toBe(true);
    expect(
      Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name)),
    ).toEqual([]);
    expect(manifest.scripts.sbom).toBeTruthy();
    const bot = parse(await read('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string }[];
    };
    expect(bot.updates.map((update) => update['package-ecosystem'])).toEqual(
      expect.arrayContaining(['npm', 'docker', 'github-actions']),
    );
  });

  it('E14 no source uses timeoutMS, which desynchronised the pools of older drivers', async () => {
    for (const file of (await files()).filter((one) => one.endsWith('.ts')))
      expect(await read(file), file).not.toMatch(/\btimeoutMS\b/);
  });

  it('E15 samples speak of a user for one database, never of root', async () => {
    expect(await read('.env.example')).toContain('readWrite');
    for (const file of await files())
      if (/\.(ya?ml|md|example)$/.test(file))
        expect(await read(file), file).not.toMatch(/mongodb:\/\/(root|admin):/);
  });

  it('E16 the sample environment holds placeholders, and there is no .env without a secret to keep', async () => {
    const sample = await read('.env.example');
    expect(sample).not.toMatch(/[0-9a-f]{32,}|[A-Za-z0-9+/]{40,}=*/);
    const secret = /^#?(\w*(?:TOKEN|SECRET|KEY)\w*)=(.*)$/gm;
    for (const [, , value] of sample.matchAll(secret)) expect(value).toMatch(/replace/);
    await expect(stat(join(project.path, '.env'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await read('.gitignore')).split('\n')).toContain('.env');
  });
});

describe('emitted sources', () => {
  it('C15 escape what pages show: autoescape on, nothing marked safe, no template made of input', async () => {
    for (const file of await files()) {
      if (!/^app\/.*\.(ts|html|js)$/.test(file)) continue;
      const text = await read(file);
      expect(text, file).not.toMatch(/\|\s*safe\b|autoescape:\s*false|renderString|\bSafeString\b/);
      if (file.endsWith('.html'))
        expect(text, file).not.toMatch(/<script[^>]*>[^<]*\{\{|\son\w+=|javascript:/i);
      if (file.endsWith('.js'))
        expect(text, file).not.toMatch(/innerHTML|document\.write|\beval\b/);
    }
    expect(await read('app/views.ts')).toMatch(/autoescape: true/);
  });

  it('use no eval, no shell, and no type that checks nothing', async () => {
    for (const file of (await files()).filter(
      (one) => /^(app|config|run|manage)/.test(one) && one.endsWith('.ts'),
    )) {
      const code = (await read(file)).replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
      expect(code, file).not.toMatch(
        /\beval\(|new Function\(|child_process|: any\b|as any\b|<any>/,
      );
    }
  });
});
