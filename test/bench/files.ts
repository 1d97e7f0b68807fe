/** Losses on files that are larger than memory, beside reading the same files and doing nothing with them. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { table, write } from './report.ts';
import { digits, inTurns, ratio, tellRatio } from './statistics.ts';

const count = 500_000_000;
const run = promisify(execFile);

/** Two files of half a billion float32 each: random bits of numbers from 1 to 2. */
async function makeFiles(folder: string): Promise<string[]> {
  const files = ['predicted', 'target'].map((name) => path.join(folder, `${name}.npy`));
  const block = new Uint32Array(2 ** 22);
  for (const [which, file] of files.entries()) {
    let state = which + 1;
    for (let i = 0; i < block.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      block[i] = 0x3f800000 | (state >>> 9);
    }
    const handle = await open(file, 'w');
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count},), }\n`;
    await handle.write(
      Buffer.from(`\x93NUMPY\x01\x00${String.fromCharCode(header.length)}\x00${header}`, 'latin1'),
    );
    for (let left = count; left > 0; left -= block.length) {
      await handle.write(new Uint8Array(block.buffer, 0, 4 * Math.min(left, block.length)));
    }
    await handle.sync();
    await handle.close();
  }
  return files;
}

/** So that a disk is read, where the system lets us. */
async function forget(): Promise<boolean> {
  try {
    const handle = await open('/proc/sys/vm/drop_caches', 'w');
    await handle.write('3');
    await handle.close();
    return true;
  } catch {
    return false;
  }
}

export async function largeFiles(rounds: number): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'loss-lens-bench-'));
  try {
    const files = await makeFiles(folder);
    const isForgotten = await forget();
    const peaks = new Map<string, number>();
    const script = path.join(import.meta.dirname, 'files-process.ts');
    const contestant =
      (...given: string[]) =>
      async (): Promise<number[]> => {
        await forget();
        const { stdout } = await run(process.execPath, [script, ...given, ...files]);
        const { time, peak } = JSON.parse(stdout) as { time: number; peak: number };
        const name = given.join(' ');
        peaks.set(name, Math.max(peak, peaks.get(name) ?? 0));
        return [time];
      };
    const losses = ['torch.nn.MSELoss', 'torch.nn.SmoothL1Loss', 'torch.nn.BCEWithLogitsLoss'];
    const contestants: Record<string, () => Promise<number[]>> = { read: contestant('read') };
    for (const loss of losses) contestants[loss] = contestant('loss', loss);
    const times = await inTurns(rounds, contestants);
    const rows = Object.entries(times).map(([name, own]) => [
      name === 'read' ? 'read alone' : name,
      digits((8 * count) / 1e3 / Math.min(...own.flat())),
      name === 'read' ? '–' : tellRatio(ratio(times['read']!, own)),
      String(Math.round((peaks.get(name === 'read' ? name : `loss ${name}`) ?? 0) / 1e6)),
    ]);
    table(['2 × 500 000 000 float32', 'MB/s', 'speed / of reading', 'peak, MB'], rows);
    write(
      `Two .npy files of 2 GB${isForgotten ? ', which the system was made to forget before each run' : ', as far as the system has not kept them'}; value, parts and the gradient's size. Speeds are of the fastest run. Budget: 0.7 of the reading speed, below 400 MB of the whole process.`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
