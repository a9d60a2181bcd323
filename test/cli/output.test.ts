import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createReport } from '../../src/cli/report.ts';
import { exit, UserError } from '../../src/errors.ts';
import { hasTerminal, openTool } from './terminal.ts';
import { scratch, tool, toolPath } from './tool.ts';

/** A report on two strings in the place of a terminal. */
function reportOn({ isTTY = false, plain = false, json = false } = {}) {
  const text = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({
    isTTY,
    write: (part: string) => void (text[name] += part),
  });
  const streams = { input: { isTTY }, out: stream('out'), err: stream('err'), plain };
  return { report: createReport(streams, json), text };
}

describe('G28: text of users on the terminal', () => {
  test.each([
    ['\u001b[2J\u001b]0;owned\u0007', '\\u{1b}[2J\\u{1b}]0;owned\\u{7}'],
    ['a\rb', 'a\\u{d}b'],
    ['\u202eexe', '\\u{202e}exe'],
    ['\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['a\u200bb', 'a\\u{200b}b'],
    ['\u009b31m', '\\u{9b}31m'],
  ])('%j is shown escaped', (typed, shown) => {
    const { report, text } = reportOn({ isTTY: true, plain: true });
    report.line(typed);
    report.status('create', typed);
    report.failure(new UserError(exit.usage, typed, typed), false);
    expect(text.out).toBe(`${shown}\n   create  ${shown}\n`);
    expect(text.err).toBe(`error: ${shown} (${shown})\n`);
  });

  test.each([
    [['\u001b[31mred', '--resource', 'product', 'name']],
    [['shop', '--resource', '\u001b[31mred', 'name']],
    [['shop', '--resource', 'product', 'na\u001b[2Jme']],
    [['shop', '--resource', 'product', 'name:string:\u202emin']],
    [['shop', '--from', '\u001b]0;owned\u0007.json']],
    [['shop', '--\u001b[31m']],
    [['shop', '--cwd', '\u001b[31m']],
    [['example', '\u001b[31m']],
    [['completion', '\u001b[31m']],
  ])('a refusal of %j has no control character in it', async (args) => {
    const { code, err } = await tool(args, { cwd: scratch() });
    expect(code).toBe(1);
    expect(err.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('a long word is cut', async () => {
    const { err } = await tool(['shop', '--resource', 'x'.repeat(5000), 'name'], {
      cwd: scratch(),
    });
    expect(err.length).toBeLessThan(400);
  });

  test('neither has a refusal with a place in a spec', async () => {
    const cwd = scratch();
    writeFileSync(
      join(cwd, 'spec.json'),
      '{"version":1,"name":"shop","resources":{"a\\u001b[31mb":{"fields":{"x":"string"}}}}',
    );
    const { code, err } = await tool(['shop', '--from', 'spec.json'], { cwd });
    expect(code).toBe(1);
    expect(err.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(err).toContain('spec.json:');
  });
});

describe('colour and motion', () => {
  test('only on a terminal', () => {
    const [pipe, terminal] = [reportOn(), reportOn({ isTTY: true })];
    for (const { report } of [pipe, terminal]) {
      report.progress('working');
      report.failure(new UserError(exit.usage, 'no'), false);
    }
    expect(pipe.text.err).toBe('error: no\n');
    expect(terminal.text.err).toBe('\r\u001b[Kworking\r\u001b[K\u001b[31merror\u001b[0m: no\n');
  });

  test('neither with NO_COLOR or on a dumb terminal', () => {
    const { report, text } = reportOn({ isTTY: true, plain: true });
    report.progress('working');
    report.failure(new UserError(exit.usage, 'no'), false);
    expect(text.err).toBe('error: no\n');
  });

  test.skipIf(!hasTerminal).each([
    ['', true],
    ['NO_COLOR=1', false],
    ['TERM=dumb', false],
  ])('of the tool in a terminal with %j: %s', async (env, coloured) => {
    const terminal = await openTool(['exmaple'], scratch(), env);
    await terminal.ended();
    expect(terminal.screen(true).includes('\u001b[31merror')).toBe(coloured);
  });

  test.skipIf(!hasTerminal)('nobody is asked with --json', async () => {
    const terminal = await openTool(['--json'], scratch());
    expect(await terminal.ended()).toBe(1);
  });
});

describe('an error that is none of ours', () => {
  test('is exit 70 and says where to report it; the stack comes with --debug', () => {
    const { report, text } = reportOn();
    expect(report.failure(new TypeError('x is undefined'), false)).toBe(70);
    expect(text.err).toMatch(/^error: x is undefined \(this is a bug: [^\n]*\)\n$/);
    report.failure(new TypeError('x is undefined'), true);
    expect(text.err).toContain('output.test.ts');
  });
});

test('who reads no further ends the tool quietly', async () => {
  const cwd = scratch();
  const words = [process.execPath, toolPath(), 'new', '--dry-run', '--yes'];
  const { stderr, status } = spawnSync(
    'sh',
    ['-c', '("$@"; echo "code $?" >&2) | head -n 1', 'sh', ...words],
    { cwd, encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, 'code 0\n']);
});
