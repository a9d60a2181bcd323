import { expect, test } from 'vitest';
import { scratch, snapshot, tool } from './tool.ts';

test.each([
  [[], '[dir]'],
  [['--no-install'], '[dir]'],
  [['shop'], '--resource'],
  [['--resource', 'product', 'name:string'], '[dir]'],
])(
  'G33: without a terminal %j is exit 1 at once and names what is missing: %s',
  async (args, name) => {
    const cwd = scratch();
    const { code, err, ms } = await tool(args, { cwd });
    expect(code).toBe(1);
    expect(err).toContain(name);
    expect(err).toContain('--yes');
    expect(ms).toBeLessThan(5000);
    expect(snapshot(cwd)).toEqual({});
  },
);

test('G33: --yes takes the defaults', async () => {
  const cwd = scratch();
  const { code, out } = await tool(['--yes', '--no-install', '--no-git'], { cwd });
  expect(code).toBe(0);
  expect(out).toContain('my-api: ');
});
