import { readFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';
import { manifest, packageRoot } from '../../src/package.ts';
import { projectTree } from '../../src/project/tree.ts';
import { parseSpec } from '../../src/spec/parse.ts';

let files: [string, ts.SourceFile][] = [];

beforeAll(async () => {
  const templates = path.join(packageRoot(), 'templates');
  const text = await readFile(path.join(templates, 'examples/kitchen-sink.json'), 'utf8');
  const spec = parseSpec(text, 'kitchen-sink.json');
  const tree = await projectTree({ spec, templates, generator: manifest() });
  files = [...tree]
    .filter(([file]) => /^(app\/.*|config|run|manage)\.?.*\.ts$/.test(file))
    .map(([file, { content }]) => {
      const source = Buffer.from(content).toString('utf8');
      return [file, ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)];
    });
});

/** Every node of the emitted request path that `wanted` accepts, as `file: text`. */
const found = (wanted: (node: ts.Node) => boolean): string[] =>
  files.flatMap(([file, source]) => {
    const hits: string[] = [];
    const visit = (node: ts.Node): void => {
      if (wanted(node)) hits.push(`${file}: ${node.getText(source).slice(0, 80)}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return hits;
  });

it('G43 the emitted application has no any, no eval and no child process', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(found((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  expect(
    found(
      (node) =>
        (ts.isCallExpression(node) || ts.isNewExpression(node)) &&
        ['eval', 'Function', 'setImmediate.call'].includes(node.expression.getText()),
    ),
  ).toEqual([]);
  const modules = /^['"](node:)?(child_process|vm|worker_threads|cluster)['"]$/;
  expect(found((node) => ts.isStringLiteral(node) && modules.test(node.getText()))).toEqual([]);
});

it('A1 no operator that runs code on the server is written in it, but as a sample of what is refused', () => {
  const operators = /^['"]?\$(where|function|accumulator)['"]?$/;
  const hits = found(
    (node) => (ts.isStringLiteral(node) || ts.isIdentifier(node)) && operators.test(node.getText()),
  );
  expect(hits.filter((hit) => !hit.startsWith('app/core/samples.ts'))).toEqual([]);
});

it('E1 C5 what proves a secret is compared in constant time, and never otherwise', async () => {
  const templates = path.join(packageRoot(), 'templates');
  for (const file of [
    'webhooks-in/app/webhooks/verify.ts',
    'forms/app/forms/signer.ts',
    'dashboard/app/dashboard/session.ts',
  ]) {
    const text = await readFile(path.join(templates, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const called: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) called.push(node.expression.getText(source));
      ts.forEachChild(node, visit);
    };
    visit(source);
    expect(called, file).toContain('timingSafeEqual');
    expect(
      called.filter((name) => /\.(equals|compare|localeCompare)$/.test(name)),
      file,
    ).toEqual([]);
  }
});
