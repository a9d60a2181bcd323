/**
 * Years of one project: edits of a user and commands in turn, with the tool as it is run. Prints every fault with what was run.
 *
 *   npx tsx test/e2e/sessions.ts [--count 3] [--steps 14] [--seed 1] [--keep]
 */
import {
  existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync, mkdtempSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { parse } from 'jsonc-parser';
import ts from 'typescript';
import { createHash } from 'node:crypto';
import { packageTool } from '../cli/package.ts';
import { Random } from '../embedded-mongo/random.ts';
import { changeTemplates } from './edits/commands.ts';
import { handEdits } from './edits/hand.ts';
import { documentEdits } from './edits/documents.ts';
import { layerEdits } from './edits/layers.ts';
import { modelEdits } from './edits/models.ts';
import { registryEdits } from './edits/registries.ts';
import { type Files } from './edits/judge.ts';
import type { Edit } from './edits/texts.ts';
import { repository } from './support.ts';

const { values } = parseArgs({ options: {
  count: { type: 'string', default: '3' }, steps: { type: 'string', default: '14' },
  seed: { type: 'string', default: '1' }, trace: { type: 'boolean', default: false },
} });

function filesIn(root: string): Files {
  const found = new Map<string, Buffer>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = path.posix.join(folder, entry.name);
      if (file === 'node_modules' || file === '.git' || /^\.flask-style\/(?:undo|tx)$/.test(file)) continue;
      if (entry.isDirectory()) walk(file);
      else if (entry.isFile()) found.set(file, readFileSync(path.join(root, file)));
    }
  };
  walk('');
  return found;
}
const same = (a: Files, b: Files) => a.size === b.size && [...a].every(([f, c]) => b.get(f)?.equals(c) === true);
const differing = (a: Files, b: Files) =>
  new Set([...new Set([...a.keys(), ...b.keys()])].filter((f) => !(a.get(f) && b.get(f) && b.get(f)!.equals(a.get(f)!))));

function wordsOf(files: Files): Map<string, number> {
  const words = new Map<string, number>();
  for (const [file, content] of files) {
    if (/^(?:\.flask-style|migrations)\//.test(file)) continue;
    for (const word of content.toString('utf8').match(/[\p{L}\p{N}_$]*mine\d+[\p{L}\p{N}_$]*/giu) ?? [])
      words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

const folder = mkdtempSync(path.join(tmpdir(), 'years-'));
console.log(folder);
const toolIn = async (name: string, version?: string) => {
  const at = path.join(folder, name); mkdirSync(at); return packageTool(at, version);
};
const now = await toolIn('now');
const later = await toolIn('later', '9.0.0');
changeTemplates(later.templates);

const all = [...modelEdits, ...layerEdits, ...registryEdits, ...documentEdits, ...handEdits];
const more: readonly Edit[] = [
  { kind: 'x: app.use', files: { 'app/index.ts': (t) => `${t}\nexport const mineApp = 1;\n` } },
  { kind: 'x: config', files: { 'config.ts': (t) => `${t}\nexport const mineConfig = 1;\n` } },
  { kind: 'x: css', files: { 'app/static/style.css': (t) => `${t}\n.mine { color: red; }\n` } },
  { kind: 'x: docker', files: { Dockerfile: (t) => `# mine\n${t}` } },
  { kind: 'x: compose', files: { 'compose.yaml': (t) => `# mine\n${t}` } },
  { kind: 'x: ignore', files: { '.gitignore': (t) => `mine.log\n${t}` } },
  { kind: 'x: env', files: { '.env.example': (t) => `${t}MINE_KEY=mine\n` } },
  { kind: 'x: env', files: { '.env': (t) => `${t}MINE_KEY=mine\n` } },
  { kind: 'x: tsconfig', files: { 'tsconfig.json': (t) => t.replace('{', '{\n  // mine\n') } },
  { kind: 'x: package', files: { 'package.json': (t) => t.replace('"scripts": {', '"scripts": {\n    "mine": "true",') } },
  { kind: 'x: package tabs', files: { 'package.json': (t) => t.replace('"scripts": {', '"scripts": {\n    "mine": "true",').replaceAll(/^(?: {2})+/gm, (s) => '\t'.repeat(s.length / 2)) } },
  { kind: 'x: pages', files: { 'app/routes/pages.ts': (t) => `${t}\nexport const minePages = 1;\n` } },
  { kind: 'x: nav', files: { 'app/navigation.ts': (t) => `${t}\nexport const mineNav = 1;\n` } },
  { kind: 'x: layout', files: { 'app/templates/layout.html': (t) => `${t}<!-- mine -->\n` } },
  { kind: 'x: prettier', files: { '.prettierrc.json': () => '{ "singleQuote": false, "semi": false, "tabWidth": 4 }\n' } },
  { kind: 'x: editorconfig', files: { '.editorconfig': () => 'root = true\n[*]\nindent_style = tab\n' } },
];

interface Cmd { name: string; args: string[]; before?: () => void }

const sources = new Map<string, ts.SourceFile>();
async function session(seed: number): Promise<number> {
  const random = new Random(seed);
  const root = path.join(folder, `s${seed}`);
  let cli = now.cli; let updated = false;
  const run = (args: readonly string[], cwd = root, input = '') =>
    execa(process.execPath, [cli, ...args], { cwd, reject: false, ...(input ? { input } : { stdin: 'ignore' as const }) });
  const log: string[] = [];
  let faults = 0;
  const fault = (what: string) => { faults++; console.log(`FAULT s${seed}: ${what.slice(0, 1200)}\n   after: ${log.slice(-6).join(' ; ')}`); };
  const features = random.pick([[], ['--with', 'forms,dashboard,webhooks'], ['--with', 'dashboard'], ['--with', 'forms']]);
  await run(['example', 'bookshop', root, '--no-install', '--no-git'], folder);
  for (const f of (features[1] ?? '').split(',').filter(Boolean)) { const r = await run(['add', 'feature', f]); if (r.exitCode !== 0) fault(`start ${r.stderr}`); }
  symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
  let compiles = true; let n = 0; const used = new Set<string>();
  const specOf = () => parse(readFileSync(path.join(root, 'flask-style.json'), 'utf8').replace(/^\uFEFF/, ''), [], { allowTrailingComma: true }) as { resources: Record<string, { fields: Record<string, unknown> }>; pages?: Record<string, unknown>; features?: string[] };
  let old: ts.SemanticDiagnosticsBuilderProgram | undefined;
  const check = async (): Promise<string[]> => {
    const file = path.join(root, 'tsconfig.json');
    const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config?: unknown };
    const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const host = ts.createIncrementalCompilerHost({ ...options, noEmit: true });
    const get = host.getSourceFile.bind(host);
    host.getSourceFile = (name, ...rest) => {
      const text = ts.sys.readFile(name) ?? '';
      const version = createHash('sha1').update(text).digest('hex');
      const known = sources.get(name);
      if (known && (known as unknown as { version: string }).version === version) return known;
      const made = get(name, ...rest);
      if (made) { (made as unknown as { version: string }).version = version; sources.set(name, made); }
      return made;
    };
    old = ts.createSemanticDiagnosticsBuilderProgram(fileNames, { ...options, noEmit: true, incremental: true }, host, old);
    const found: string[] = [];
    for (const d of [...old.getSyntacticDiagnostics(), ...old.getSemanticDiagnostics()]) found.push(`${d.file ? path.relative(root, d.file.fileName) : ''}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
    return found;
  };
  for (let step = 0; step < Number(values.steps); step++) {
    if (random.chance(0.45)) {
      const edit = random.pick(random.chance(0.7) ? all : more);
      if (used.has(edit.kind)) continue;
      const before = filesIn(root);
      try {
        const made: [string, string][] = [];
        for (const [file, change] of Object.entries(edit.files)) {
          const at = path.join(root, file.replace(/mine/, `mine${step}`));
          const old = existsSync(at) ? readFileSync(at, 'utf8') : '';
          if (old === '' && !/mine|env|prettier|editor/.test(file)) throw new Error('gone');
          const text = change(old.replaceAll('\r\n', '\n'));
          made.push([at, text.replaceAll(/(mine)(?!\d)/gi, `$1${step}`)]);
        }
        for (const [at, text] of made) { mkdirSync(path.dirname(at), { recursive: true }); writeFileSync(at, text); }
      } catch { continue; }
      used.add(edit.kind);
      log.push(`EDIT ${edit.kind}`);
      if (compiles && Object.keys(edit.files).some((f) => f.endsWith('.ts'))) {
        const errors = await check();
        if (errors.length > 0) {
          // Not a sound edit any more, in this project.
          for (const file of Object.keys(edit.files)) { const f = file.replace(/mine/, `mine${step}`); const old = before.get(f); if (old) writeFileSync(path.join(root, f), old); else rmSync(path.join(root, f)); }
          log.pop();
        }
      }
      continue;
    }
    if (random.chance(0.12)) {
      const before = [...filesIn(root).keys()].filter((f) => /^(?:app\/(?:static|templates)|tests\/[^/]*\.test|README|Dockerfile|compose|\.github|seeds|app\/services)/.test(f));
      const file = random.pick(before);
      if (random.chance(0.5) && !/services/.test(file)) { rmSync(path.join(root, file)); log.push(`DELETE ${file}`); if (/\.ts$/.test(file)) compiles = (await check()).length === 0; }
      else if (!/\.ts$/.test(file)) { const to = `moved/${path.basename(file)}`; mkdirSync(path.join(root, 'moved'), { recursive: true }); renameSync(path.join(root, file), path.join(root, to)); log.push(`MOVE ${file}`); }
      continue;
    }
    const spec = specOf(); const resources = Object.keys(spec.resources); const res = random.pick(resources);
    const fields = Object.keys(spec.resources[res]!.fields); const field = random.pick(fields);
    n++;
    const options: Cmd[] = [
      { name: 'add', args: ['add', 'resource', `thing${n}`, 'text:text:required', `link:ref:${random.pick(resources)}`] },
      { name: 'add', args: ['add', 'resource', random.pick(['class', 'fish', 'delete', 'person', 'order-item']), 'name:string:required'] },
      { name: 'field', args: ['add', 'field', res, `extra${n}:string:maxLength=20`, ...(random.chance(0.5) ? ['--after', field] : [])] },
      { name: 'field', args: ['add', 'field', res, `extra${n}:integer:min=1`, `other${n}:boolean`] },
      { name: 'page', args: ['add', 'page', `about${n}`] },
      { name: 'hook', args: ['add', 'webhook', `hook${n}`, '--scheme', 'github'] },
      { name: 'auto', args: ['add', 'automation', `digest${n}`, ...(random.chance(0.5) ? ['--every', '5m'] : [])] },
      { name: 'renr', args: ['rename', 'resource', res, `renamed${n}`] },
      { name: 'renf', args: ['rename', 'field', res, field, `field${n}`] },
      { name: 'rmr', args: ['remove', 'resource', res] },
      { name: 'rmf', args: ['remove', 'field', res, field] },
      { name: 'feat', args: [random.pick(['add', 'remove']), 'feature', random.pick(['forms', 'dashboard', 'webhooks', 'pages'])] },
      { name: 'undo', args: ['undo'] }, { name: 'undo', args: ['undo'] }, { name: 'redo', args: ['redo'] }, { name: 'redo', args: ['redo'] },
      { name: 'undoid', args: ['undo', String(random.below(8) + 1)] },
      { name: 'apply', args: ['apply'], before: () => {
        const file = path.join(root, 'flask-style.json'); const text = readFileSync(file, 'utf8');
        writeFileSync(file, text.replace(/("fields"\s*:\s*\{)/, `$1 "hand${n}": { "type": "integer" },`)); } },
      { name: 'update', args: ['update'], before: () => { if (!updated && !log.some((l) => l.startsWith('UPD'))) { updated = true; cli = later.cli; } } },
      { name: 'resolve', args: ['resolve'] },
      ...[1, 2, 3].map(() => ({ name: 'rmp', args: ['remove', random.pick(['page', 'webhook', 'automation']), random.pick([...Object.keys(((spec as unknown) as Record<string, object>)['webhooks'] ?? {}), ...Object.keys(((spec as unknown) as Record<string, object>)['automations'] ?? {}), ...(Array.isArray(spec.pages) ? (spec.pages as string[]) : []), 'nothing'])] })),
      { name: 'adopt', args: ['adopt'], before: () => { if (random.chance(0.3)) { const f = path.join(root, '.flask-style/state.json'); writeFileSync(f, `${readFileSync(f, 'utf8')}x`); } } },
    ];
    const cmd = random.pick(options);
    const mode = random.chance(0.2) ? ['--conflicts=ours'] : random.chance(0.12) ? ['--conflicts=markers'] : [];
    cmd.before?.();
    const args = [...cmd.args, ...mode];
    const before = filesIn(root);
    const dry = random.chance(0.5) ? await run([...args, '--dry-run']) : undefined;
    if (dry && !same(before, filesIn(root))) fault(`dry-run wrote: ${args.join(' ')}`);
    const { exitCode, stderr, stdout } = await run(args);
    const after = filesIn(root);
    log.push(`${args.join(' ')} [${exitCode}]`);
    if (values.trace) console.log(`${log.at(-1)} ${stderr.split('\n').at(-1)}`);
    const wrote = !same(before, after);
    if (exitCode === 70 || exitCode === undefined || ![0, 1, 2, 3, 4, 5].includes(exitCode) || (exitCode === 4 && !/run update first/.test(stderr))) fault(`exit ${exitCode}: ${stderr}`);
    if (exitCode !== 0 && exitCode !== 2 && wrote) fault(`exit ${exitCode} and wrote`);
    if (exitCode === 1 || exitCode === 4 || exitCode === 5) {
      const line = stderr.split('\n').filter((l) => l.startsWith('error:'));
      if (line.length !== 1) fault(`not one error line: ${stderr}`);
    }
    const was = wordsOf(before); const is = wordsOf(after);
    const lost = [...was].filter(([w, c]) => (is.get(w) ?? 0) < c).map(([w]) => w);
    // A line that both sides have the same may be there once.
    if (lost.length > 0) fault(`lost ${lost.join(' ')}`);
    if (dry && exitCode === 0 && wrote) {
      const copy = mkdtempSync(path.join(folder, 'copy-'));
      for (const [f, c] of before) { mkdirSync(path.dirname(path.join(copy, f)), { recursive: true }); writeFileSync(path.join(copy, f), c); }
      const applied = await execa('git', ['apply', '--whitespace=nowarn', '-'], { cwd: copy, input: `${dry.stdout}\n`, reject: false });
      if (applied.exitCode !== 0) { fault(`git apply: ${applied.stderr}`); const keep = mkdtempSync('/tmp/yp/bad-'); for (const [f, c] of before) { mkdirSync(path.dirname(path.join(keep, f)), { recursive: true }); writeFileSync(path.join(keep, f), c); } writeFileSync(path.join(keep, 'PATCH'), `${dry.stdout}\n`); writeFileSync(path.join(keep, 'LOG'), [...log, updated].join('\n')); }
      else { const d = [...differing(filesIn(copy), after)].filter((f) => f !== '.env'); if (d.length > 0) fault(`dry-run differs in ${d.join(', ')}`); }
      rmSync(copy, { recursive: true });
    }
    if (dry && dry.exitCode !== 0 && exitCode === 0) fault(`dry-run ${dry.exitCode}, run 0: ${dry.stderr}`);
    if (exitCode === 3 && mode.length === 0 && random.chance(0.6)) {
      const paths = [...stdout.matchAll(/^ conflict {2}(\S+): (.*)$/gm)].map(([, p, why]) => [p!, why!] as const);
      const hint = /\((.*)\)/.exec(stderr)?.[1] ?? '';
      const decide = paths.flatMap(([p]) => { const m = new RegExp(`--decide ${p.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}=([^;,]*(?:, =[^;,]*)*(?: or =[^;,]*)?)`).exec(hint); const offered = m ? m[1]!.split(/, =| or =/).map((x) => x.trim()) : ['ours']; return ['--decide', `${p}=${random.pick(offered.filter((x) => x !== 'theirs' && x !== 'delete').length > 0 ? offered.filter((x) => x !== 'theirs' && x !== 'delete') : ['ours'])}`]; });
      const r = await run([...args, ...decide]);
      log.push(`${args.join(' ')} ${decide.join(' ')} [${r.exitCode}]`);
      if (![0, 1, 3].includes(r.exitCode ?? 9)) fault(`decided: exit ${r.exitCode} ${r.stderr}`);
      if (r.exitCode === 1) fault(`decided is refused: ${decide.join(' ')}: ${r.stderr} of ${stderr}`);
      const isNow = wordsOf(filesIn(root));
      const gone = [...was].filter(([w, c]) => (isNow.get(w) ?? 0) < c).map(([w]) => w);
      if (gone.length > 0) fault(`lost when decided ${gone.join(' ')}`);
      if (r.exitCode === 0) { compiles = (await check()).length === 0; const again = await run(args); if (again.exitCode === 70) fault(again.stderr); }
    }
    if (exitCode === 2) {
      // Decide every place: both, or mine.
      for (const [f, c] of after) {
        const text = c.toString('utf8');
        if (!/^<{7} /m.test(text) || f.startsWith('.flask-style')) continue;
        writeFileSync(path.join(root, f), text.replaceAll(/<{7} [^\n]*\n([\s\S]*?)\|{7} [^\n]*\n[\s\S]*?={7}\r?\n[\s\S]*?>{7} [^\n]*\n/g, '$1'));
      }
      const r = await run(['resolve']);
      log.push(`resolve [${r.exitCode}]`);
      if (r.exitCode !== 0) { fault(`resolve ${r.exitCode} ${r.stderr}`); }
      const isNow = wordsOf(filesIn(root));
      const gone = [...was].filter(([w, c]) => (isNow.get(w) ?? 0) < c).map(([w]) => w);
      if (gone.length > 0) fault(`lost in markers ${gone.join(' ')}`);
      compiles = false;
    }
    if (exitCode === 0 && mode.length > 0 && /kept as yours/.test(stdout + stderr)) compiles = false;
    if (wrote && compiles && exitCode === 0) {
      const errors = await check();
      if (errors.length > 0) { fault(`does not compile: ${errors.slice(0, 5).join(' | ')}`); compiles = false; }
    } else if (!compiles && (await check()).length === 0) compiles = true;
    // Now nothing is to be done.
    if (exitCode === 0 && wrote && !/undo|redo|adopt|eject/.test(cmd.name)) {
      const again = await run(['apply', '--check']);
      if (again.exitCode !== 0 && !(again.exitCode === 3)) fault(`apply --check is ${again.exitCode}: ${again.stdout} ${again.stderr}`);
      const status = await run(['status']);
      if (status.exitCode !== 0) fault(`status ${status.exitCode}: ${status.stderr}`);
    }
    if (random.chance(0.15)) { const r = await run(['doctor']); if (![0, 1].includes(r.exitCode ?? 9)) fault(`doctor ${r.exitCode} ${r.stderr}`); const bad = r.stdout.split('\n').filter((l) => l.startsWith('FAIL') && !/packages|port|generated files;/.test(l)); if (bad.length > 0) fault(bad.join(' | ')); }
    const broken = [...after].filter(([f]) => f.endsWith('.json') && !f.startsWith('.flask') ).filter(([, c]) => { const e: never[] = []; parse(c.toString('utf8').replace(/^\uFEFF/, ''), e, { allowTrailingComma: true }); return e.length > 0; });
    if (broken.length > 0) fault(`no JSON: ${broken.map(([f]) => f).join()}`);
  }
  console.log(`s${seed}: ${log.length} steps, ${faults} faults; ${log.filter((l) => /\[0\]/.test(l)).length} done, ${log.filter((l) => /\[3\]/.test(l)).length} conflicts, ${log.filter((l) => /\[1\]/.test(l)).length} refused`);
  if (values.trace) console.log(log.join('\n'));
  return faults;
}

let total = 0;
for (let s = 0; s < Number(values.count); s++) total += await session(Number(values.seed) + s);
console.log(`${total} faults`);
