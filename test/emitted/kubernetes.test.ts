/** `--with k8s`: what the manifests say, as Kubernetes would read them. */
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Deployment } from 'kubernetes-types/apps/v1.d.ts';
import type { HorizontalPodAutoscaler } from 'kubernetes-types/autoscaling/v2.d.ts';
import type { Service } from 'kubernetes-types/core/v1.d.ts';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.d.ts';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.d.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { emit, repository, type Emitted } from './support/project.ts';

const run = promisify(execFile);

/** File → the type of the API that it is one of. */
const kinds = {
  autoscaler: ['HorizontalPodAutoscaler', 'autoscaling/v2'],
  deployment: ['Deployment', 'apps/v1'],
  'disruption-budget': ['PodDisruptionBudget', 'policy/v1'],
  'network-policy': ['NetworkPolicy', 'networking.k8s.io/v1'],
  service: ['Service', 'v1'],
} as const;

describe('manifests', () => {
  let project: Emitted;
  beforeAll(async () => {
    project = await emit(join(import.meta.dirname, 'fixtures/k8s.json'));
  });
  afterAll(() => project.remove());

  const read = async (file: string): Promise<unknown> =>
    parse(await readFile(join(project.path, 'k8s', `${file}.yaml`), 'utf8'));
  const podOf = async () => {
    const { spec } = (await read('deployment')) as Deployment;
    const pod = spec?.template.spec;
    const [container] = pod?.containers ?? [];
    if (!spec || !pod || !container) throw new Error('there is no container');
    return { spec, pod, container };
  };

  it('C97 have the kinds and the fields that the API of Kubernetes has, and no other', async () => {
    const files = await readdir(join(project.path, 'k8s'));
    expect(files.sort()).toEqual(
      [...Object.keys(kinds), 'kustomization'].sort().map((file) => `${file}.yaml`),
    );
    const lines: string[] = [];
    for (const [file, [kind, apiVersion]] of Object.entries(kinds)) {
      const manifest = await read(file);
      expect(manifest).toMatchObject({ kind, apiVersion });
      const module = apiVersion === 'v1' ? 'core/v1' : apiVersion.replace('.k8s.io', '');
      const type = `import('kubernetes-types/${module}.d.ts').${kind}`;
      lines.push(`export const ${kind}: ${type} = ${JSON.stringify(manifest)};`);
    }
    await writeFile(join(project.path, 'manifests.ts'), lines.join('\n'));
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    const flags = ['--noEmit', '--strict', '--ignoreConfig', '--module', 'nodenext'];
    const { stdout } = await run(process.execPath, [tsc, ...flags, 'manifests.ts'], {
      cwd: project.path,
    }).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  it('E11 are what the Pod Security Standard "restricted" asks for, and more', async () => {
    const { pod, container } = await podOf();
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const user = /^USER (\d+):(\d+)$/m.exec(
      await readFile(join(project.path, 'Dockerfile'), 'utf8'),
    );
    const { runAsUser, runAsGroup } = pod.securityContext ?? {};
    expect([String(runAsUser), String(runAsGroup)]).toEqual(user?.slice(1));
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(JSON.stringify(pod)).not.toMatch(/privileged|host(Network|PID|IPC|Path|Port)|volumes/);
    for (const amounts of [container.resources?.limits, container.resources?.requests])
      expect(Object.keys(amounts ?? {}).sort()).toEqual(['cpu', 'memory']);
  });

  it('E11 no secret stands in them, and the file that has them is ignored by git and by the image', async () => {
    const texts = await Promise.all(
      (await readdir(join(project.path, 'k8s'))).map((file) =>
        readFile(join(project.path, 'k8s', file), 'utf8'),
      ),
    );
    expect(texts.join('')).not.toMatch(/mongodb(\+srv)?:\/\/[^.]|[0-9a-f]{32}|whsec_\w/);
    await run('git', ['init', '-q'], { cwd: project.path });
    await writeFile(join(project.path, 'k8s/.env'), 'MONGODB_URI=mongodb://db.example.com/shop\n');
    const { stdout } = await run('git', ['status', '--porcelain', '-uall', 'k8s'], {
      cwd: project.path,
    });
    expect(stdout).not.toContain('.env');
    expect(await readFile(join(project.path, '.dockerignore'), 'utf8')).not.toMatch(/^!.*k8s/m);
  });

  it('C97 ask the probes of the app, and give it the time that it takes to stop', async () => {
    const { spec, pod, container } = await podOf();
    expect(container.startupProbe?.httpGet).toEqual({ path: '/startupz', port: 'http' });
    expect(container.livenessProbe?.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(container.ports).toContainEqual({ name: 'http', containerPort: 5000 });
    const { sleep } = container.lifecycle?.preStop ?? {};
    // What compose waits for, which is not told to wait first.
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual((sleep?.seconds ?? 99) + 15);
    expect(spec.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    // The autoscaler's number: one here would be set again with every `apply`.
    expect(spec.replicas).toBeUndefined();
  });

  it('C97 select one another', async () => {
    const { spec } = await podOf();
    const labels = spec.template.metadata?.labels ?? {};
    const selectors = [
      spec.selector.matchLabels,
      ((await read('service')) as Service).spec?.selector,
      ((await read('disruption-budget')) as PodDisruptionBudget).spec?.selector?.matchLabels,
      ((await read('network-policy')) as NetworkPolicy).spec?.podSelector.matchLabels,
    ];
    for (const selector of selectors) expect(labels).toEqual(selector);
    const { spec: scaler } = (await read('autoscaler')) as HorizontalPodAutoscaler;
    expect(scaler?.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: ((await read('deployment')) as Deployment).metadata?.name,
    });
    expect(scaler?.minReplicas).toBeGreaterThan(1);
    const files = (await read('kustomization')) as { resources: string[] };
    expect(files.resources).toEqual(Object.keys(kinds).map((file) => `${file}.yaml`));
  });

  it('C97 let out no more than names, the database and what the project calls', async () => {
    const ports = async (name: string): Promise<unknown[]> => {
      const { spec } = parse(await readFile(name, 'utf8')) as NetworkPolicy;
      expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
      return (spec?.egress ?? []).flatMap((rule) => (rule.ports ?? []).map(({ port }) => port));
    };
    const file = 'k8s/network-policy.yaml';
    expect(await ports(join(project.path, file))).toEqual([53, 53, 27017]);
    const caller = await emit(join(import.meta.dirname, 'fixtures/k8s.json'), '--with', 'webhooks');
    try {
      expect(await ports(join(caller.path, file))).toEqual([53, 53, 27017, 443]);
    } finally {
      await caller.remove();
    }
  });
});
