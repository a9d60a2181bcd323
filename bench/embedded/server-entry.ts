/** The server in its own process: `node --expose-gc <bundle> [dir]`. Tells its URI, then measures itself on request. */
import { start } from '../../src/embedded-mongo/index.ts';

const [dir] = process.argv.slice(2);
const server = await start(dir === undefined ? {} : { dir, fsync: 'never' });

process.on('message', (message) => void answer(String(message)));

async function answer(request: string): Promise<void> {
  if (request === 'reset') {
    const began = performance.now();
    await server.reset();
    process.send?.({ ms: performance.now() - began });
  }
  if (request === 'memory') {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ rss, used: heapUsed + external });
  }
  if (request === 'stop') {
    await server.stop();
    process.exit(0);
  }
}

// Ends with the process that started it.
process.on('disconnect', () => process.exit());
process.send?.({ uri: server.uri });
