import { runCorpus } from './corpus/run.ts';
import { isClean, tableOf } from './corpus/table.ts';

// The whole corpus, with its tables and every merge that is not clean: npx tsx test/merge/corpus.ts [kind...]
const kinds = process.argv.slice(2);
const cases = await runCorpus(1, ({ kind }) => kinds.length === 0 || kinds.includes(kind));
console.log(tableOf(cases, ({ edit }) => edit).join('\n'));
console.log(`\n${tableOf(cases, ({ change }) => change).join('\n')}`);
console.log(`\n${tableOf(cases, ({ subject }) => subject.kind).join('\n')}\n`);
for (const one of cases.filter((each) => !isClean(each) || each.faults.length > 0)) {
  const { subject, edit, change, collides, result, faults } = one;
  const what = result.kind === 'clean' ? `FAULT ${faults.join('; ')}` : result.reason;
  console.log(`${collides ? 'same ' : ''}${subject.kind} | ${edit} | ${change} | ${what}`);
}
