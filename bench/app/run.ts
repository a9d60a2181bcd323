/**
 * The emitted app against the hand-written floors of the folder that SHARED_DIR names, on the same embedded server:
 * read by id, list of 20 with a bounded count, create. Alternating pairs of short runs; the figure is the median of ratios.
 *
 *   npx tsx bench/app/run.ts [pairs] [seconds]        40 pairs of 2 s unless told
 */
import { line, median } from '../statistics.ts';
import { checkAnswers, floors, scenarios } from './scenarios.ts';
import { startServers } from './servers.ts';

const pairs = Number(process.argv[2] ?? 40);
const seconds = Number(process.argv[3] ?? 2);

const servers = await startServers();
try {
  for (const scenario of scenarios) await checkAnswers(servers, scenario);
  for (const scenario of scenarios) {
    const ratios = new Map<string, number[]>(floors.map((floor) => [floor, []]));
    const noise: number[] = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const ours = await servers.load('emitted', scenario, seconds);
      for (const floor of floors) {
        const theirs = await servers.load(floor, scenario, seconds);
        ratios.get(floor)?.push(ours / theirs);
      }
      noise.push((await servers.load('emitted', scenario, seconds)) / ours);
    }
    for (const floor of floors) {
      const values = ratios.get(floor) ?? [];
      const goal =
        floor === 'express-prod'
          ? { text: 'at least 0.95', reached: (value: number) => value >= 0.95 }
          : undefined;
      console.log(line(`${scenario.name}, share of ${floor}`, values, 'x', goal));
    }
    console.log(`  identical code beside it: ${median(noise).toFixed(2)} x`);
  }
} finally {
  await servers.stop();
}
