import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Random } from '../random.ts';
import { isWhole, makeStored, type Stored } from './load.ts';
import { ServerProcess } from './server-process.ts';

const documentCount = 200;

/** The journal by its name, which the server's README gives. */
const logOf = (dir: string): string => join(dir, 'data.journal');

const damages: Record<string, (file: string, random: Random) => void> = {
  'cut short': (file, random) =>
    truncateSync(file, Math.floor(statSync(file).size * (0.1 + 0.89 * random.next()))),
  'a byte changed': (file, random) => {
    const bytes = readFileSync(file);
    const at = Math.floor(bytes.length * (0.1 + 0.89 * random.next()));
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + random.below(255)), at);
    writeFileSync(file, bytes);
  },
  'rubbish added': (file, random) =>
    appendFileSync(file, Buffer.from(random.list(200, () => random.below(256)).concat(1))),
  'zeros added': (file) => appendFileSync(file, Buffer.alloc(64)),
  'a huge length added': (file) =>
    appendFileSync(file, Buffer.from([0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 1, 2, 3])),
};

/** The server says that it left out the end of its journal, and where that went. */
const warned = ({ output }: ServerProcess): boolean => /journal ended .* moved to/.test(output);

/** Faults of one damage: the server must start, say so, and hold a beginning of what was written, whole. */
async function damageOnce(
  name: string,
  damage: (file: string, random: Random) => void,
  random: Random,
): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'damage-'));
  const faults: string[] = [];
  try {
    const before = await ServerProcess.start(dir, 'always');
    const client = await MongoClient.connect(before.uri);
    const collection = client.db('kill').collection<Stored>('documents');
    for (let i = 0; i < documentCount; i++)
      await collection.insertOne(makeStored(String(i).padStart(4, '0'), 1, random));
    await before.kill();
    await client.close(true);
    damage(logOf(dir), random);
    const after = await ServerProcess.start(dir, 'always');
    const again = await MongoClient.connect(after.uri);
    const found = await again
      .db('kill')
      .collection<Stored>('documents')
      .find()
      .sort({ _id: 1 })
      .toArray();
    await again.db('kill').collection('documents').insertOne({ written: 'after the damage' });
    const onlyAdded = name.endsWith('added');
    if (!warned(after)) faults.push(`${name}: no warning, only ${JSON.stringify(after.output)}`);
    if (found.some((one) => !isWhole(one))) faults.push(`${name}: a torn document`);
    if (found.some(({ _id }, i) => Number(_id) !== i))
      faults.push(`${name}: a hole in what was written`);
    if (onlyAdded && found.length !== documentCount)
      faults.push(`${name}: ${documentCount - found.length} documents lost`);
    if (!onlyAdded && found.length < documentCount * 0.05)
      faults.push(`${name}: only ${found.length} documents left`);
    await after.kill();
    await again.close(true);
    const third = await ServerProcess.start(dir, 'always');
    const last = await MongoClient.connect(third.uri);
    const count = await last.db('kill').collection('documents').countDocuments();
    if (count !== found.length + 1)
      faults.push(`${name}: ${count} documents after another restart, not ${found.length + 1}`);
    if (warned(third)) faults.push(`${name}: warned again after the log was mended`);
    await third.kill();
    await last.close(true);
  } catch (error) {
    faults.push(`${name}: ${(error as Error).message}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return faults;
}

/** Damages the log in each way, several times; prints a line, returns the faults. */
export async function damageFaults(random: Random): Promise<string[]> {
  const faults: string[] = [];
  const times = 5;
  for (const [name, damage] of Object.entries(damages)) {
    for (let i = 0; i < times; i++) faults.push(...(await damageOnce(name, damage, random)));
  }
  console.log(
    `damaged log: ${Object.keys(damages).length} kinds, ${times} times each, ${faults.length} faults`,
  );
  return faults;
}
