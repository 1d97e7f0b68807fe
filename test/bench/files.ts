/** Losses on files that are larger than memory, beside reading the same files and doing nothing with them. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { table, write } from './report.ts';
import { digits, inTurns, ratio, tellRatio } from './statistics.ts';

const count = 500_000_000;
const csvRows = 50_000_000;
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

/** Two files of a column each, as pandas writes them by default; none without pyarrow. */
async function makeParquet(folder: string): Promise<string[] | undefined> {
  const python = path.join(import.meta.dirname, '..', '..', '.venv', 'bin', 'python');
  const files = ['predicted', 'target'].map((name) => path.join(folder, `${name}.parquet`));
  const script = path.join(import.meta.dirname, 'files-parquet.py');
  try {
    await run(process.env.PYTHON ?? python, [script, String(count), ...files]);
    return files;
  } catch {
    return undefined;
  }
}

/** One file of two columns of numbers with seven decimals. */
async function makeCsv(folder: string): Promise<string[]> {
  const file = path.join(folder, 'table.csv');
  const handle = await open(file, 'w');
  await handle.write('predicted,target\n');
  let state = 1;
  const next = (): string => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (1 + state / 2 ** 32).toFixed(7);
  };
  const block = Array.from({ length: 100_000 }, () => `${next()},${next()}`).join('\n');
  for (let written = 0; written < csvRows; written += 100_000) await handle.write(`${block}\n`);
  await handle.sync();
  await handle.close();
  return [file];
}

interface Kind {
  readonly title: string;
  readonly rows: number;
  readonly losses: readonly string[];
  make(folder: string): Promise<string[] | undefined>;
}

const kinds: readonly Kind[] = [
  {
    title: '2 × 500 000 000 float32, .npy',
    rows: count,
    losses: ['torch.nn.MSELoss', 'torch.nn.SmoothL1Loss', 'torch.nn.BCEWithLogitsLoss'],
    make: makeFiles,
  },
  {
    title: '2 × 500 000 000 float32, Parquet',
    rows: count,
    losses: ['torch.nn.MSELoss'],
    make: makeParquet,
  },
  { title: '2 × 50 000 000 numbers, CSV', rows: csvRows, losses: ['torch.nn.MSELoss'], make: makeCsv },
];

export async function largeFiles(rounds: number): Promise<void> {
  for (const kind of kinds) await measured(kind, rounds);
  write(
    'Each run a process of its own; value, parts and the gradient’s size. Speeds are of the fastest run, in bytes of the files. Budget: 0.7 of the reading speed for .npy, below 400 MB of the whole process for all.',
  );
}

async function measured({ title, rows, losses, make }: Kind, rounds: number): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'loss-lens-bench-'));
  try {
    const files = await make(folder);
    if (!files) {
      write(`${title}: not measured, for there is no pyarrow.`);
      return;
    }
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
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
    const contestants: Record<string, () => Promise<number[]>> = { read: contestant('read') };
    for (const loss of losses) contestants[loss] = contestant('loss', loss);
    const times = await inTurns(rounds, contestants);
    table(
      [title, 'MB/s', 'million rows/s', 'speed / of reading', 'peak, MB'],
      Object.entries(times).map(([name, own]) => {
        const seconds = Math.min(...own.flat()) / 1000;
        return [
          name === 'read' ? 'read alone' : name,
          digits(bytes / 1e6 / seconds),
          digits(rows / 1e6 / seconds),
          name === 'read' ? '–' : tellRatio(ratio(times['read']!, own)),
          String(Math.round((peaks.get(name === 'read' ? name : `loss ${name}`) ?? 0) / 1e6)),
        ];
      }),
    );
    write(
      `${digits(bytes / 1e9)} GB${isForgotten ? ', which the system was made to forget before each run' : ', as far as the system has not kept them'}.`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
