import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { shop } from './project.ts';
import { plainEnv, toolPath } from './tool.ts';

/** What permissions keep from everybody else they keep from root as well, once it may not override them. */
const bound =
  process.getuid?.() === 0
    ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', process.execPath]
    : [process.execPath];

test.skipIf(process.platform === 'win32')(
  'what may not be looked at, or has a name that no text holds, stands in no way',
  async () => {
    const project = await shop();
    const { root } = project;
    expect(await project.run('add', 'resource', 'review', 'text:string')).toMatchObject({
      code: 0,
    });
    const data = join(root, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'users.ts'), "import '../app/models/review.ts';\n");
    writeFileSync(join(root, 'app/secret.ts'), "import './models/review.ts';\n");
    const latin = Buffer.concat([Buffer.from(`${root}/app/caf`), Buffer.from([0xe9, 0x2e, 0x74])]);
    writeFileSync(latin, '');
    writeFileSync(join(root, 'app/notes.'), 'reviews');
    chmodSync(data, 0o000);
    chmodSync(join(root, 'app/secret.ts'), 0o000);
    onTestFinished(() => chmodSync(data, 0o700));

    const [command = '', ...first] = bound;
    const run = async (...words: string[]): Promise<unknown> => {
      const env = plainEnv();
      const args = [...first, toolPath(), ...words, '--json'];
      return JSON.parse(
        (await execa(command, args, { cwd: root, env, extendEnv: false })).stdout,
      ) as unknown;
    };
    expect(JSON.stringify(await run('status'))).toContain('app/secret.ts');
    expect(await run('remove', 'resource', 'review', '--dry-run')).toMatchObject({ notes: [] });
    chmodSync(join(root, 'app/secret.ts'), 0o644);
    const { code, err } = await project.run('remove', 'resource', 'review', '--dry-run');
    expect([code, err]).toEqual([3, expect.stringContaining('app/models/review.ts')]);
  },
);
