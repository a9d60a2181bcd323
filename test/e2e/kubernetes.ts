/** `kustomize build` (from the Go proxy) takes what `--with k8s` emits, whatever the project is called. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { parseAllDocuments } from 'yaml';
import { goTool, inTemporaryFolder, repository, run } from './support.ts';

const kustomize = await goTool('kustomize', 'sigs.k8s.io/kustomize/kustomize/v5@v5.8.1');

/** Names of projects, and what those in Kubernetes begin with. */
const names = {
  shop: 'shop-',
  '@team/v2.shop_api': 'v2-shop-api-',
  '1-null': 'app-1-null-',
  true: 'true-',
  [`a${'-long.name'.repeat(20)}`]: 'a-long-name-long-name-long-name-long-nam-',
};

interface Manifest {
  kind: string;
  metadata: { name: string };
  spec?: { template?: { spec?: { containers: { envFrom: object[]; image: string }[] } } };
}

/** The label of an RFC 1035 name, which the name of a Service is. */
const label = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

await inTemporaryFolder(async (folder) => {
  const cli = path.join(repository, 'bin/create-flask-style-api.js');
  for (const [at, [name, prefix]] of Object.entries(names).entries()) {
    const spec = {
      name,
      features: ['k8s'],
      resources: { product: { fields: { name: { type: 'string' } } } },
    };
    const file = path.join(folder, `spec-${at}.json`);
    await writeFile(file, JSON.stringify(spec));
    const flags = ['--from', file, '--yes', '--no-install', '--no-git'];
    await run(folder, process.execPath, [cli, `project-${at}`, ...flags]);
    const k8s = path.join(folder, `project-${at}/k8s`);
    await writeFile(path.join(k8s, '.env'), '# secrets\nMONGODB_URI=mongodb://db/shop?a=b\n');
    const { stdout } = await execa(kustomize, ['build', k8s]);
    const made = parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
    const nameOf = (kind: string) => made.find((one) => one.kind === kind)?.metadata.name ?? '';
    const wrong = made.filter((one) => !one.metadata.name.startsWith(`${prefix}api`));
    const [container] =
      made.find(({ kind }) => kind === 'Deployment')?.spec?.template?.spec?.containers ?? [];
    const expected = [
      { configMapRef: { name: nameOf('ConfigMap') } },
      { secretRef: { name: nameOf('Secret') } },
    ];
    if (
      made.length !== 7 ||
      wrong.length > 0 ||
      !label.test(nameOf('Service')) ||
      container?.image !== `${prefix.slice(0, -1)}:1.0.0` ||
      JSON.stringify(container.envFrom) !== JSON.stringify(expected)
    )
      throw new Error(`${name}: ${stdout}`);
    console.log(`${name}: ${made.map(({ kind }) => kind).join(', ')}`);
  }
});
