/**
 * What the first evaluation of a process costs beyond one with everything in place: workers started, kernels
 * assembled and compiled, inputs copied, pages touched for the first time. Each time in a process of its own.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { table, write } from './report.ts';
import { digits, median, pause, timed } from './statistics.ts';

interface Times {
  /** Loading the engine's module: once a process, before anything is asked of it. */
  readonly load: number;
  /** The whole of `prepare` and of the first `run`. */
  readonly prepare: number;
  readonly run: number;
  /** Of `prepare`: building the program, its WebAssembly text and module; copying the inputs. */
  readonly compile: number;
  readonly transfer: number;
  /** The fastest of several. */
  readonly resident: number;
}

const lengths = [10_000_000, 16_384];
const symbols = {
  MSE: 'torch.nn.functional.mse_loss',
  'BCE with logits': 'torch.nn.functional.binary_cross_entropy_with_logits',
};

export async function firstRuns(rounds: number): Promise<void> {
  const rows: string[][] = [];
  for (const [title, symbol] of Object.entries(symbols)) {
    for (const length of lengths) {
      const times: Times[] = [];
      for (let round = 0; round < 2 * rounds; round++) times.push(await freshProcess(symbol, length));
      const tell = (of: (t: Times) => number): string => {
        const each = times.map(of);
        return `${digits(median(each))} / ${digits(Math.min(...each))}`;
      };
      rows.push([
        `${title}, ${length.toLocaleString('en').replaceAll(',', ' ')}`,
        tell((t) => t.prepare + t.run - t.resident),
        tell((t) => t.compile),
        tell((t) => t.transfer),
        tell((t) => t.prepare - t.compile - t.transfer),
        tell((t) => t.run - t.resident),
        tell((t) => t.resident),
        tell((t) => t.load),
      ]);
    }
  }
  table(
    [
      'median / least, ms',
      'beyond a resident run',
      'of it: program and assembly',
      'copying inputs',
      'checks',
      'first run beyond resident',
      'resident run',
      'before: loading the engine',
    ],
    rows,
  );
  write('Budget: 100 ms beyond a resident run. Worker threads start while the inputs are copied.');
}

async function freshProcess(symbol: string, length: number): Promise<Times> {
  const script = fileURLToPath(import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, [script, symbol, String(length)]);
  return JSON.parse(stdout) as Times;
}

async function measure(symbol: string, length: number): Promise<Times> {
  const input = new Float32Array(length);
  const target = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    input[i] = (i % 2000) / 1000 - 1;
    target[i] = (i % 1009) / 1009;
  }
  await pause(50);
  const start = performance.now();
  const built = path.resolve(import.meta.dirname, '../../dist/engine.mjs');
  const engine = (await import(built)) as typeof import('../../engine/node.ts');
  const loaded = performance.now();
  const prepared = engine.prepare({
    loss: symbol,
    inputs: { input: engine.array(input), target: engine.array(target) },
    gradients: ['input'],
    backend: 'wasm',
  });
  const placed = performance.now();
  const { timing } = await prepared.run();
  const ended = performance.now();
  await timed(10, () => prepared.run());
  const resident = Math.min(...(await timed(15, () => prepared.run())));
  prepared.dispose();
  engine.dispose();
  return {
    load: loaded - start,
    prepare: placed - loaded,
    run: ended - placed,
    compile: timing.compile,
    transfer: timing.transfer,
    resident,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await measure(process.argv[2]!, Number(process.argv[3]))));
}
