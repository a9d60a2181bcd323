import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BSON } from 'mongodb';
import type { SpecFile } from './format.ts';

const { EJSON } = BSON;

export interface LoadedFile {
  suite: string;
  file: string;
  content: SpecFile;
}

/** Reads the flat folder of `<suite>--<file>.json`, values as relaxed extended JSON. */
export function loadSpecFiles(folder: string): LoadedFile[] {
  return readdirSync(folder)
    .filter((name) => name.includes('--') && name.endsWith('.json'))
    .sort()
    .map((name) => ({
      suite: name.slice(0, name.indexOf('--')),
      file: name,
      content: EJSON.parse(readFileSync(join(folder, name), 'utf8'), { relaxed: true }) as SpecFile,
    }));
}
