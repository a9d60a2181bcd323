/** F11: 20 clients post the same unique value at the same moment, round after round. */
import { figure, full, send, syncDatabase, together } from './support.ts';

const rounds = full ? 200 : 20;

await figure('F11', 'exactly one 201 in every round, the others 409', async (bench) => {
  await syncDatabase(bench, 'race', 'F11');
  const { url } = await bench.start('race');
  let clean = 0;
  for (let round = 0; round < rounds; round += 1) {
    const name = `Round ${String(round)}`;
    const answers = await together(20, () => send(url, 'POST', '/api/categories', { name }));
    const made = answers.filter(({ status }) => status === 201).length;
    const refused = answers.filter(({ status }) => status === 409).length;
    if (made === 1 && refused === 19) clean += 1;
  }
  return {
    measured: `${String(clean)} of ${String(rounds)} rounds of 20 posts`,
    pass: clean === rounds,
  };
});
