/** F12: 50 clients raise one counter with PATCH and If-Match; every 200 must be in the final value. */
import { figure, full, send, syncDatabase, together } from './support.ts';

const increments = full ? 20 : 4;

await figure('F12', 'the final value is the number of 200s', async (bench) => {
  await syncDatabase(bench, 'counter', 'F12');
  const { url } = await bench.start('counter');
  const made = await send(url, 'POST', '/api/products', { name: 'Counter', price: 0 });
  const at = `/api/products/${String(made.body._id)}`;

  const done = await together(50, async () => {
    let accepted = 0;
    for (let i = 0; i < increments; i += 1) {
      const { body } = await send(url, 'GET', at);
      const { status } = await send(
        url,
        'PATCH',
        at,
        { price: Number(body.price) + 1 },
        { 'if-match': `"${String(body._rev)}"` },
      );
      if (status === 200) accepted += 1;
      else if (status !== 412) throw new Error(`PATCH answered ${String(status)}`);
    }
    return accepted;
  });
  const accepted = done.reduce((sum, one) => sum + one, 0);
  const { body } = await send(url, 'GET', at);
  return {
    measured: `value ${String(body.price)} after ${String(accepted)} accepted of ${String(50 * increments)} changes`,
    pass: accepted > 0 && body.price === accepted,
  };
});
