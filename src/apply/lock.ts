import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fsExtra from 'fs-extra';
import { exit, UserError } from '../errors.ts';
import { isAlive, isStale, machine, stageName } from './stage-name.ts';
import { movedFiles, takeBack } from './take-back.ts';

const folderName = '.flask-style.cfsa';

/** Who holds a transaction folder. */
interface Owner {
  readonly machine: string;
  readonly pid: number;
}

/** A transaction folder that is ours, and the ones of killed runs that were taken back before. */
export interface Lock {
  readonly transaction: string;
  readonly cleaned: readonly string[];
}

/**
 * Makes the transaction folder of `root`, which only one run can hold. What a killed run left is taken back first.
 *
 * @param root an existing folder
 * @throws UserError 4 when another run is at work, or a file of a killed run was edited since
 */
export async function lock(root: string): Promise<Lock> {
  const transaction = path.join(root, folderName);
  const cleaned = await takeOver(root);
  const aside = path.join(root, asideName());
  try {
    // Made aside and renamed, so that a transaction folder never lies there without its owner.
    await mkdir(aside, { mode: 0o700 });
    const owner: Owner = { machine: machine(), pid: process.pid };
    await writeFile(path.join(aside, 'owner.json'), JSON.stringify(owner));
    await rename(aside, transaction).catch(async (error: NodeJS.ErrnoException) => {
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code ?? '')) throw error;
      throw busy(await ownerOf(transaction), transaction);
    });
  } catch (error) {
    await fsExtra.remove(aside);
    throw error;
  }
  return { transaction, cleaned };
}

/** The names of all transaction folders in `root`: of a run at work, or left by one that was killed. */
export async function transactionFolders(root: string): Promise<readonly string[]> {
  return (await readdir(root)).filter(
    (entry) => entry === folderName || entry.startsWith(`.${folderName}.cfsa-`),
  );
}

/** The paths that killed runs have put into `root`: the next run that writes takes them back first. */
export async function halfMoved(root: string): Promise<ReadonlySet<string>> {
  const moved = new Set<string>();
  for (const entry of await transactionFolders(root)) {
    if (!(await isAbandoned(root, entry))) continue;
    for (const file of await movedFiles(path.join(root, entry), root)) moved.add(file);
  }
  return moved;
}

async function isAbandoned(root: string, entry: string): Promise<boolean> {
  if (entry !== folderName) return isStale(entry, folderName);
  const owner = await ownerOf(path.join(root, entry));
  return owner?.machine === machine() && !isAlive(owner.pid);
}

async function takeOver(root: string): Promise<readonly string[]> {
  const cleaned: string[] = [];
  for (const entry of await transactionFolders(root)) {
    const folder = path.join(root, entry);
    if (!(await isAbandoned(root, entry))) {
      if (entry === folderName) throw busy(await ownerOf(folder), folder);
      continue;
    }

    // Of several runs that find it, the one whose rename succeeds cleans up.
    const mine = path.join(root, asideName());
    const won = await rename(folder, mine).then(
      () => true,
      () => false,
    );
    if (!won) continue;
    await takeBack(mine, root);
    await fsExtra.remove(mine);
    cleaned.push(folder);
  }
  return cleaned;
}

function asideName(): string {
  return stageName(folderName);
}

async function ownerOf(folder: string): Promise<Owner | undefined> {
  const text = await readFile(path.join(folder, 'owner.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Owner);
}

function busy(owner: Owner | undefined, transaction: string): UserError {
  return new UserError(
    exit.state,
    `${nameOf(owner)} is writing to this folder`,
    `wait for it; if nothing runs any more, delete ${transaction}`,
  );
}

function nameOf(owner: Owner | undefined): string {
  if (owner === undefined) return 'another run';
  return owner.machine === machine() ? `process ${owner.pid}` : 'a process of another machine';
}
