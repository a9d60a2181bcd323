/** The server in its own process, so that a crash is seen as an exit and its memory can be measured alone. */
import { start } from '../../../src/embedded-mongo/index.ts';

const server = await start();

process.on('message', (message) => {
  if (message === 'stop') void server.stop().then(() => process.exit(0));
  if (message === 'measure') void measure();
});

/** Bytes in use once all data is dropped and garbage is collected. */
async function measure(): Promise<void> {
  await server.reset();
  globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  process.send?.({ bytes: heapUsed + external + arrayBuffers });
}

// Ends with the process that started it.
process.on('disconnect', () => process.exit());
process.send?.({ port: server.port });
