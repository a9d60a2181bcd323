/**
 * The published form: packs the tool, runs the tarball through npx in a folder outside the repository with every field
 * type in one resource, installs and checks what came out: without install scripts, and with npm 10. (As it is, readme.ts
 * does it.) All its checks run once, where least was installed.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { inTemporaryFolder, pack, repository, run } from './support.ts';

const everyType = [
  'title:string:required:unique:maxLength=120',
  'body:text:search',
  'pages:integer:min=1',
  'weight:number:min=0',
  'price:decimal:min=0',
  'inPrint:boolean:default=true',
  'published:date:index',
  'seenAt:datetime',
  'contact:email',
  'home:url',
  'slug:slug:unique',
  'serial:uuid',
  'author:ref:authors:onDelete=nullify',
  'status:enum:draft,live:default=draft',
  'size.width:number:required',
  'size.height:number:required',
  'lines:object:array',
  'lines.sku:string:required',
  'lines.quantity:integer:min=1',
  'extra:json',
  'place:point',
  'secret:password',
  'tags:string:array:search',
  'note:string:private',
  'code:string:readonly:pattern=^[A-Z]{3}$',
];

const npms = [
  { name: 'no install scripts', command: ['npm'], flags: ['--ignore-scripts'], script: 'check' },
  { name: 'npm 10', command: ['npx', '--yes', 'npm@10.9.9'], flags: [], script: 'test' },
] as const;

await inTemporaryFolder(async (folder) => {
  const tarball = await pack(repository, folder);
  const resources = ['--resource', 'book', ...everyType, '--resource', 'author', 'name:string!'];
  const flags = ['--yes', '--no-install', '--no-git'];
  const npx = ['--yes', '--package', tarball, 'create-flask-style-api', 'shop'];
  await run(folder, 'npx', [...npx, ...resources, ...flags]);

  const project = path.join(folder, 'shop');
  for (const { name, command, flags: installFlags, script } of npms) {
    console.log(`\n--- ${name}`);
    for (const left of ['node_modules', 'package-lock.json'])
      await rm(path.join(project, left), { recursive: true, force: true });
    const [program, ...first] = command;
    await run(project, program, [...first, 'install', '--no-audit', '--no-fund', ...installFlags]);
    await run(project, program, [...first, 'ci', '--no-audit', '--no-fund', ...installFlags]);
    await run(project, program, [...first, 'run', script]);
  }
});
