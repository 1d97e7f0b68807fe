/** The command line in this process, in a folder of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main } from '../../../engine/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly printed: string;
  readonly noted: string;
}

export async function run(...words: readonly string[]): Promise<Ran> {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await main(words, { print: (text) => printed.push(text), note: (text) => noted.push(text) });
  return { code, printed: printed.join('\n'), noted: noted.join('\n') };
}

/** Makes files in a new folder, and has every test of the suite run in it. */
export function inFolder(files: Readonly<Record<string, string | Uint8Array>>): void {
  const before = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'loss-lens-cli-'));
    process.chdir(folder);
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });
}
