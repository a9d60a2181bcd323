/** F3: the database takes connections and answers nothing for thirty seconds, under load. */
import { causeOutage, during, mistaken, recoveredAfter } from './outage.ts';
import { figure, full, patience } from './support.ts';

const seconds = full ? 30 : 12;
/** Twice the socket timeout of the application, and one second. */
const longest = 2 * 6000 + 1000;

await figure(
  'F3',
  `each request answered 503 with Retry-After within ${String(longest / 1000)} s, live 200, and no connection lost to it after its return`,
  async (bench) => {
    const outage = await causeOutage(bench, 'F3', { mode: 'hang', seconds, rate: 20 });
    const met = during(outage, outage.requests);
    const told = met.filter(({ status, retryAfter }) => status === 503 && retryAfter);
    const times = outage.requests.map(({ sentAt, answeredAt }) => answeredAt - sentAt);
    const slowest = Math.max(...times);
    const recovered = recoveredAfter(outage);
    const alive = outage.live.filter(({ status }) => status === 200).length;
    const wrong = mistaken(outage);
    const unanswered = outage.requests.filter(({ status }) => status === 0).length;
    const well = outage.afterwards.filter((status) => status === 200).length;
    return {
      measured:
        `${String(told.length)} of ${String(met.length)} requests answered 503 with Retry-After, ${String(wrong)} with another error, ${String(unanswered)} of ${String(outage.requests.length)} not at all, ` +
        `the slowest after ${slowest.toFixed(0)} ms; live 200 ${String(alive)} of ${String(outage.live.length)} times; well again ${recovered.toFixed(0)} ms after its return, ` +
        `then ${String(well)} of ${String(outage.afterwards.length)} at once; ${String(outage.wrongWrites)} writes lost or twice`,
      pass:
        told.length > 0 &&
        told.length === met.length &&
        unanswered === 0 &&
        wrong === 0 &&
        slowest <= longest * patience &&
        alive === outage.live.length &&
        Number.isFinite(recovered) &&
        outage.running &&
        outage.wrongWrites === 0 &&
        well === outage.afterwards.length,
    };
  },
);
