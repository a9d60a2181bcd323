import type { Proof } from './contract-rows.ts';

const proof =
  (folder: string) =>
  (name: string, ...titles: string[]): Proof => ({
    file: `test/${folder}/${name}.test.ts`,
    titles,
  });

const apply = proof('apply');
const project = proof('project');
const merge = proof('merge');
const laws = proof('laws');
const cli = proof('cli');

/** What a project is promised that is changed for years, and where each is shown. Options that do not exist are left out. */
export const clauses: Readonly<Record<string, readonly Proof[]>> = {
  // Invariants
  'no loss': [
    laws('preservation', 'no word that a user wrote is lost'),
    laws('sequences', 'commands, edits, undo and redo in any order'),
    apply('transaction-races', 'I1 a save right before', 'I1 a save while the place is empty'),
  ],
  determinism: [
    laws('change', 'two plans of the same project are the same plan', 'idempotence'),
    apply('transaction', 'I2 a plan that changes nothing writes nothing'),
  ],
  'all or nothing': [
    apply('transaction-crash', 'I3 killed before any call', 'G34 any call of the disk fails'),
    apply('processes', 'I1 I3 I6 a change is killed, raced by an editor'),
  ],
  'seen is written': [
    laws('sequences', '--dry-run: the patch that is shown'),
    cli('change', 'G37: --dry-run is a patch', '--json is one document; --plan holds the tool'),
    cli('dry-run-all', 'every command: git applies the patch of --dry-run'),
  ],
  undo: [
    apply('undo-law', 'I5 whatever was changed'),
    cli('undo', 'undo and redo through a sequence of commands', 'an edit made since stays'),
    project(
      'keeping',
      'an earlier command is undone while later ones stay',
      'what two commands need',
    ),
  ],
  confinement: [
    apply('transaction', 'I6 links', 'I6 the path %j', 'I6 a record that came with'),
    apply('transaction-races', 'I6 a folder that becomes a link'),
  ],
  'honest exit': [
    cli('conflicts', 'exit 3, nothing is written', 'markers: exit 2'),
    apply('transaction', '130 before the commit point'),
    cli('interrupt', '%s in a project: 130, nothing is left'),
  ],
  // Base, spec, state
  'bases in git': [
    project('tree', 'a base is named by the hash', 'git leaves the bases as they are'),
    cli('branches', 'branches with commands on both', 'git merge -X %s'),
  ],
  'a lost base': [project('waiting', 'a base that was lost is rendered again')],
  'the spec is edited by hand': [
    cli(
      'change',
      'an edit of the spec by hand, with its comments',
      'a mistake in the spec is told',
    ),
    project('keeping', 'the spec keeps its comments and order'),
  ],
  'a state that cannot be used': [
    project('state', 'is newer than the tool is refused', 'the check covers everything but itself'),
    cli('doctor', '$name: one line, what to do, exit 1'),
    project('keeping', 'adopt of a damaged state is taken back'),
  ],
  branches: [
    project('tree', 'one line a file, so that two branches merge'),
    cli('branches', 'what each branch knows', 'the state of a side that is taken whole'),
  ],
  // Planner
  'git merges': [project('keeping', 'nothing is planned while git merges')],
  'markers are refused': [apply('conflicts', 'a file with markers in it is not merged again')],
  'the table': [apply('rows', 'every combination of facts has a row')],
  'moves of the user': [
    apply('moves', 'a moved file is a conflict', 'two files of a folder were moved'),
    apply('moves', 'two places that look alike', 'where it lies is remembered'),
  ],
  'moves of the templates': [project('update', 'edits stay through all six kinds of change')],
  // Merge of one file
  'bytes and line ends': [
    merge('text-files', 'bytes that are no UTF-8', 'mixed line ends: each line keeps its own'),
    merge('laws', 'what was read is written again byte by byte'),
  ],
  'lines, style, structure': [
    merge('laws', 'no line of either side is lost'),
    merge('style', 'reads JSON, YAML, package.json and .editorconfig', 'laid out anew is replaced'),
    merge('code', 'imports of one module are united', 'removed by one side, changed by the other'),
    merge('corpus', 'realistic merges are clean, lose nothing'),
  ],
  'the gate': [merge('gate', 'routes and imports are there once', 'knows what is declared')],
  'merge of large files': [merge('micro', '120,000 lines are no matter', 'nothing in common')],
  // Conflicts
  conflicts: [
    apply('conflicts', 'by default a conflict stays one', 'ask: each conflict once'),
    project('waiting', 'markers wait for resolve', 'what was skipped is offered again'),
  ],
  // Transaction
  preflight: [
    apply('guards', 'the path %j is refused'),
    apply('transaction', 'a read-only file', 'only upper and lower case or an accent'),
    apply('commit', 'G34 a disk of 1 MB that fills up'),
    apply('transaction', 'another name of a replaced file keeps'),
    project('odd-files', 'a file with another name is replaced'),
    cli('unreadable', 'what may not be looked at'),
  ],
  recovery: [
    apply('guards', 'a run that was killed is finished', 'files edited before and behind it'),
    cli('change', 'what a killed run left is named by all that only read'),
  ],
  'the lock': [
    apply('transaction', 'the lock: waits for its end', 'the lock of a process that is gone'),
    apply('guards', 'a lock of another container'),
  ],
  'other systems': [
    apply('transaction', 'Windows: a file that somebody holds', 'without hard links'),
    apply('transaction-crash', 'with a folder on another device'),
  ],
  'kept for undo': [apply('transaction', '20 undo entries and 50 MiB are kept')],
  // Commands
  add: [
    cli('change', 'G38: a resource, any way its name is written', 'fields behind another one'),
    cli('change', 'a field that the user has written by hand is adopted'),
  ],
  rename: [
    project('renames', 'code that means the field follows', 'a resource is renamed with the names'),
    cli('change', 'a rename to the same name does nothing'),
  ],
  remove: [
    cli(
      'conflicts',
      'remove: what the user edited or still imports',
      'remove field: code that uses',
    ),
    cli('change', 'then remove leaves the same bytes'),
  ],
  update: [
    project('update', 'an untouched project becomes what', 'about the versions in between'),
    project('update', 'a project of a later version is left alone'),
  ],
  'the rest': [
    project('keeping', 'status: edited, deleted and moved files', 'diff: the own edits', 'eject: '),
    cli('change', 'a project is found from a folder inside it'),
  ],
  // Special files
  'package.json': [
    merge('package-json', 'the newer version of the user stays', 'a dropped package goes'),
    merge('json', 'changes go into the text of the user', 'arrays are one value'),
  ],
  'lock files': [cli('features', 'a lock file is never touched')],
  YAML: [merge('text-files', 'YAML: both add a step', 'anchors and several documents')],
  'sets of lines': [merge('text-files', 'a set of lines: dropped lines go')],
  README: [merge('markdown', 'a section that the user took out stays away')],
  '.env': [cli('features', 'E16 a .env that is there is not touched', 'what else can be set')],
  'a dirty tree': [cli('branches', 'a dirty tree is fine')],
  adopt: [project('keeping', 'adopt: a lost state is made anew')],
  'not made by us': [
    cli('beside', '%s: it answers as before', 'the diff is shown and nothing is written'),
    cli('beside-commands', 'undo and redo through all of it'),
    project('beside/entry', 'where the application is made: %s', 'packages go where npm'),
  ],
};
