/** F2: the database is down for ten seconds, under load. */
import { causeOutage, during, mistaken, recoveredAfter } from './outage.ts';
import { figure, full, patience } from './support.ts';

const seconds = full ? 10 : 6;

await figure(
  'F2',
  'each request answered 503 with Retry-After within 3 s, ready 503, live 200, the first 200 within 2 s of its return, no restart, each write there 0 or 1 times',
  async (bench) => {
    const outage = await causeOutage(bench, 'F2', { mode: 'refuse', seconds, rate: 50 });
    const met = during(outage, outage.requests);
    const told = met.filter(({ status, retryAfter }) => status === 503 && retryAfter);
    const slowest = Math.max(...told.map(({ sentAt, answeredAt }) => answeredAt - sentAt));
    const recovered = recoveredAfter(outage);
    // The result of a ping is kept for a second.
    const ready = during(outage, outage.ready, 2000);
    const unready = ready.filter(({ status }) => status === 503).length;
    const alive = outage.live.filter(({ status }) => status === 200).length;
    const wrong = mistaken(outage);
    const unanswered = outage.requests.filter(({ status }) => status === 0).length;
    const well = outage.afterwards.filter((status) => status === 200).length;
    return {
      measured:
        `${String(told.length)} of ${String(met.length)} requests answered 503 with Retry-After, the slowest after ${slowest.toFixed(0)} ms, ` +
        `${String(wrong)} with another error, ${String(unanswered)} not at all; ready 503 ${String(unready)} of ${String(ready.length)} times, live 200 ${String(alive)} of ${String(outage.live.length)}; ` +
        `well again ${recovered.toFixed(0)} ms after its return; ${String(outage.wrongWrites)} writes lost or twice; ${String(well)} of ${String(outage.afterwards.length)} well afterwards`,
      pass:
        told.length > 0 &&
        told.length === met.length &&
        slowest <= 3000 * patience &&
        unanswered === 0 &&
        wrong === 0 &&
        ready.length > 0 &&
        unready === ready.length &&
        alive === outage.live.length &&
        recovered <= 2000 * patience &&
        outage.running &&
        outage.wrongWrites === 0 &&
        well === outage.afterwards.length,
    };
  },
);
