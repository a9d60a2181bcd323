/** The server of the kill suite: `node <bundle> <dir> <fsync>`; tells its URI on standard output. */
import { start } from '../../../src/embedded-mongo/index.ts';

const [dir, fsync] = process.argv.slice(2) as [string, 'always' | 'interval' | 'never'];
const { uri } = await start({ dir, fsync });
console.log(`URI ${uri}`);
