/** Float32 at full size against the reference backend in float64, and the memory that the engine takes for it. */

import { giveMemoryBack, mostIdle, takeMemory } from '../../engine/backends/wasm/memory.ts';
import { array, cast, type NdArray, prepare } from '../../engine/node.ts';
import { type Case, gradientsOf, request } from './cases.ts';
import { table, write } from './report.ts';
import { digits, median } from './statistics.ts';

interface Gradients {
  /** The largest error, as a share of the largest gradient. */
  readonly share: number;
  /** The largest error as a share of what is allowed at its place. */
  readonly allowed: number;
}

/** An error up to the larger of these is allowed: units in the last place, a share of the largest gradient. */
const allowedUlps = 4;
const allowedShare = 1e-7;

export async function accuracyAndMemory(chosen: readonly Case[]): Promise<void> {
  const rows: string[][] = [];
  for (const of of chosen) {
    const inputs = of.inputs();
    const memory = watchMemory();
    const fast = await evaluation(of, inputs, 'wasm');
    const taken = memory.stop();
    const exact = await evaluation(of, widened(inputs), 'reference');
    const value = Math.abs(fast.value / exact.value - 1);
    const compared = fast.gradients.map((gradient, i) => compareGradients(gradient, exact.gradients[i]!));
    const needed =
      Object.values(inputs).reduce((total, { data }) => total + data.byteLength, 0) +
      fast.gradients.reduce((total, { byteLength }) => total + byteLength, 0);
    rows.push([
      of.title,
      value.toExponential(1),
      Math.max(...compared.map(({ share }) => share)).toExponential(1),
      Math.max(...compared.map(({ allowed }) => allowed)).toFixed(2),
      (taken / 1e6).toFixed(1),
      digits(taken / needed),
      digits(fast.allocated / Object.values(inputs)[0]!.data.length),
    ]);
    console.log(rows.at(-1)!.join(' | '));
  }
  table(
    [
      'float32',
      'value, relative error',
      'gradient, error / largest',
      'error / allowed',
      'wasm memory, MB',
      '/ (inputs + gradient)',
      'allocated again a run, bytes an element',
    ],
    rows,
  );
  write(
    'Allowed: value 1e-6; each gradient 4 ulp or 1e-7 of the largest gradient, whichever is more; memory 1.1. A run that follows allocates nothing an element: its outputs lie where they lay. CTC computes in float64 on either side, over shared arrays instead of a wasm memory.',
  );
}

const widened = (inputs: Readonly<Record<string, NdArray>>): Record<string, NdArray> =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dtype, shape }]) => [
      name,
      dtype === 'float32' ? array(cast(data, 'float64'), { shape }) : { data, dtype, shape },
    ]),
  );

async function evaluation(
  of: Case,
  inputs: Readonly<Record<string, NdArray>>,
  backend: 'wasm' | 'reference',
): Promise<{ value: number; gradients: (Float32Array | Float64Array)[]; allocated: number }> {
  const prepared = prepare(request(of, inputs, backend));
  try {
    const { numerator, denominator, gradients } = await prepared.run();
    const allocated = backend === 'wasm' ? await allocatedBy(() => prepared.run()) : 0;
    return {
      value: numerator / denominator,
      allocated,
      gradients: gradientsOf(of).map((name) => gradients[name]!.data as Float32Array | Float64Array),
    };
  } finally {
    prepared.dispose();
  }
}

/** Bytes that a run leaves on this thread's heap and in arrays: the median of some, as a collection in between hides them. */
async function allocatedBy(run: () => Promise<unknown>): Promise<number> {
  const taken = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const growths: number[] = [];
  for (let i = 0; i < 7; i++) {
    const before = taken();
    await run();
    growths.push(taken() - before);
  }
  return Math.max(0, median(growths));
}

function compareGradients(fast: Float32Array | Float64Array, exact: Float32Array | Float64Array): Gradients {
  let largest = 0;
  for (const g of exact) largest = Math.max(largest, Math.abs(g));
  let error = 0;
  let allowed = 0;
  for (let i = 0; i < exact.length; i++) {
    const off = Math.abs(fast[i]! - exact[i]!);
    error = Math.max(error, off);
    allowed = Math.max(
      allowed,
      off / Math.max(allowedUlps * ulp(Math.abs(exact[i]!)), allowedShare * largest),
    );
  }
  return { share: error / largest, allowed };
}

/** The distance between neighbouring float32 at this size. */
const ulp = (size: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(size))) - 23);

/** Bytes of every WebAssembly memory that is made until `stop`, with none left over that could be used again. */
function watchMemory(): { stop(): number } {
  // One that is too large to be kept drives out all that are.
  giveMemoryBack(takeMemory(mostIdle + 1, true));
  const Original = WebAssembly.Memory;
  let bytes = 0;
  WebAssembly.Memory = class extends Original {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      bytes += this.buffer.byteLength;
    }
  };
  return {
    stop() {
      WebAssembly.Memory = Original;
      return bytes;
    },
  };
}
