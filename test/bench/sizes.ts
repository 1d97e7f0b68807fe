/** Time against size, and `auto` against each backend where it changes from one to the other. */
import { array, type NdArray, prepare } from '../../engine/node.ts';
import { table, write } from './report.ts';
import { digits, inTurns, median, ratio, timed } from './statistics.ts';

interface Sized {
  readonly title: string;
  readonly symbol: string;
  inputs(elements: number): Readonly<Record<string, NdArray>>;
}

/** Made-up numbers on (0, 1), a block of them over and over: a hundred million take a second otherwise. */
function numbers(length: number, step: number): Float32Array {
  const data = new Float32Array(length);
  const block = Math.min(length, 1 << 16);
  for (let i = 0; i < block; i++) data[i] = 0.001 + 0.998 * (((i + 1) * step) % 1);
  for (let at = block; at < length; at += block) data.copyWithin(at, 0, Math.min(block, length - at));
  return data;
}

const pair = (length: number): Readonly<Record<string, NdArray>> => ({
  input: array(numbers(length, Math.SQRT2 - 1), { shape: [length] }),
  target: array(numbers(length, Math.sqrt(3) - 1), { shape: [length] }),
});

const classes = 100;

const losses: readonly Sized[] = [
  { title: 'MSE', symbol: 'torch.nn.functional.mse_loss', inputs: pair },
  {
    title: 'BCE with logits',
    symbol: 'torch.nn.functional.binary_cross_entropy_with_logits',
    inputs: pair,
  },
  {
    title: `Cross-entropy, ${classes} classes`,
    symbol: 'torch.nn.functional.cross_entropy',
    inputs(elements) {
      const rows = Math.ceil(elements / classes);
      return {
        input: array(numbers(rows * classes, Math.SQRT2 - 1), { shape: [rows, classes] }),
        target: array(BigInt64Array.from({ length: rows }, (_, row) => BigInt((7 * row) % classes))),
      };
    },
  },
];

const gradients = ['input'];

/** From ten thousand elements to a hundred million. */
export async function timeBySize(): Promise<void> {
  const sizes = [4, 5, 6, 7, 8].map((power) => 10 ** power);
  const rows: string[][] = [];
  for (const { title, symbol, inputs } of losses) {
    const row = [title];
    for (const size of sizes) {
      const prepared = prepare({ loss: symbol, inputs: inputs(size), gradients, backend: 'auto' });
      await timed(5, () => prepared.run());
      const times = await timed(Math.min(400, Math.max(7, 4e7 / size)), () => prepared.run());
      prepared.dispose();
      row.push(`${digits((median(times) * 1e6) / size)} / ${digits((Math.min(...times) * 1e6) / size)}`);
    }
    rows.push(row);
    console.log(row.join(' | '));
  }
  table(['ns an element', ...sizes.map((size) => `10^${Math.log10(size)}`)], rows);
  write(
    'Value and gradient, data resident, median / fastest. At 10^4 waking the threads is in the time; from 10^7 on the data is not in the caches.',
  );
}

/** Around the number of elements from which `auto` takes threads. */
export async function autoBesideOthers(rounds: number): Promise<void> {
  const sizes = [256, 1024, 2048, 4096, 16384, 65536];
  const rows: string[][] = [];
  for (const { title, symbol, inputs } of losses) {
    for (const size of sizes) {
      const given = inputs(size);
      const all = (['auto', 'reference', 'wasm'] as const).map((backend) => ({
        backend,
        prepared: prepare({ loss: symbol, inputs: given, gradients, backend }),
      }));
      for (const { prepared } of all) await timed(50, () => prepared.run());
      const times = await inTurns(
        2 * rounds,
        Object.fromEntries(
          all.map(({ backend, prepared }) => [
            backend,
            () => timed(size > 16384 ? 20 : 100, () => prepared.run()),
          ]),
        ),
      );
      for (const { prepared } of all) prepared.dispose();
      const best = (['reference', 'wasm'] as const).reduce((a, b) =>
        median(times[a]!.flat()) <= median(times[b]!.flat()) ? a : b,
      );
      const against = ratio(times['auto']!, times[best]!);
      rows.push([
        `${title}, ${size}`,
        ...all.map(({ backend }) => digits(1000 * median(times[backend]!.flat()))),
        best,
        digits(against.median),
        digits(against.fastest),
      ]);
      console.log(rows.at(-1)!.join(' | '));
    }
  }
  table(['elements', 'auto, µs', 'reference, µs', 'wasm, µs', 'the best', 'auto / best', 'of fastest'], rows);
  write('Budget: 1.1. The GPU, where `auto` may use one, has its threshold measured when it is first used.');
}
