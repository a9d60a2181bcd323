import { runCorpus } from './corpus/run.ts';
import { isClean, tableOf } from './corpus/table.ts';

/** The least share of merges that are clean, of each kind of user edit. */
const goal = 0.95;

// The whole corpus, with its tables and every merge that is not clean: npx tsx test/merge/corpus.ts [kind...]
// Fails below the goal, and when a clean merge lost a line or a word, or does not parse or compile.
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

const faulty = cases.filter(({ faults }) => faults.length > 0).length;
const share = (of: typeof cases) => {
  const fair = of.filter(({ collides }) => !collides);
  return fair.length === 0 ? 1 : fair.filter(isClean).length / fair.length;
};
const low = [...new Set(cases.map(({ edit }) => edit))].filter(
  (kind) => share(cases.filter(({ edit }) => edit === kind)) < goal,
);
console.log(`\n${cases.length} merges, ${faulty} with a fault; kinds below ${goal}: ${low.length}`);
if (faulty > 0 || low.length > 0) process.exitCode = 1;
