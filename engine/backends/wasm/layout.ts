/** The kernels that a problem's passes become, and where in the memory their blocks, accumulators and arrays lie. */
import type { Reduce } from '../../language/expression.ts';
import { type Kernel, passes } from '../../language/passes.ts';
import { compactStrides, countOf } from '../../language/space.ts';
import type { Problem } from '../backend.ts';
import type { Lowered } from '../lower.ts';
import { blockOffsets, type Step } from './kernel/block.ts';
import { type KernelText, kernelText } from './kernel/kernel.ts';

/** Addresses, offsets and strides of an `Own` are in bytes; what else counts elements says so. */
export interface Layout {
  /** Bytes of one number. */
  readonly bytes: number;
  /** How long the memory has to be. */
  readonly end: number;
  readonly kernels: readonly PlacedKernel[];
  /** The arrays that kernels share, by name: `input:x`, `elements`, `gradient:x`, `accumulated:n`. */
  readonly regions: ReadonlyMap<string, Region>;
}

/** An array in the memory. */
export interface Region {
  readonly address: number;
  /** In elements, as the strides are, which are over the coalesced dimensions. */
  readonly length: number;
  readonly strides: readonly number[];
}

/** An array that each thread has of its own: where it lies among the thread's accumulators. */
export interface Own {
  readonly offset: number;
  readonly strides: readonly number[];
}

export interface PlacedKernel {
  readonly kernel: Kernel;
  readonly text: KernelText;
  /** The address of its parameter block. */
  readonly block: number;
  /** Where each thread's accumulators are, the totals first. */
  readonly sums: readonly number[];
  readonly own: ReadonlyMap<string, Own>;
}

/** Bytes between the rows of a window: vectors reach beyond the ends, and rows that lie alike in their pages are mistaken for each other. */
const betweenRows = 256;

/** Bytes rounded up to whole lines of the caches. */
const inLines = (bytes: number): number => Math.ceil(bytes / 64) * 64;

const stepOf = (stride: number): Step => (stride === 0 ? 'none' : stride === 1 ? 'unit' : 'any');

/** @param shared  whether threads share the memory */
export function layOut(lowered: Lowered, dtype: Problem['dtype'], threads: number, shared: boolean): Layout {
  const { sizes } = lowered;
  const bytes = dtype === 'float32' ? 4 : 8;
  // The first word is the flag that cancels a run.
  let end = 64;
  const reserve = (length: number): number => {
    const address = end;
    end += inLines(length) + 64;
    return address;
  };

  /** What the kernels so far leave for later ones, in the order in which they accumulate it. */
  const left: Reduce[] = [];
  const stridesOf = (array: string): readonly number[] => {
    const [kind, name] = array.split(':') as [string, string];
    if (kind === 'elements') return lowered.elementStrides!;
    if (kind === 'accumulated') return compactStrides(left[Number(name)]!.dims, sizes);
    return lowered.arrays[name]!.strides;
  };
  const texts = passes(lowered.outputs).map((kernel) => {
    const text = kernelText(kernel, {
      lanes: dtype === 'float32' ? 'f32x4' : 'f64x2',
      shared,
      rank: sizes.length,
      sizes,
      step: (array, dim) => stepOf(stridesOf(array)[dim]!),
      accumulated: (node) => `accumulated:${left.indexOf(node)}`,
    });
    left.push(...text.keptReductions);
    return { kernel, text };
  });
  const kernels = texts.map(({ kernel, text }): PlacedKernel => {
    const numbers = blockOffsets.numbers(sizes.length, text.arrays.length);
    const block = reserve(numbers + 8 * text.numbers.length);
    const { own, length } = ownArrays(text, sizes, bytes);
    const sums = Array.from({ length: threads }, () => reserve(length));
    return { kernel, text, block, sums, own };
  });

  const regions = new Map<string, Region>();
  const ofAll = kernels.flatMap(({ text, own }) => text.arrays.filter((name) => !own.has(name)));
  for (const name of new Set(ofAll)) {
    const strides = stridesOf(name);
    const isEmpty = strides.some((stride, d) => stride !== 0 && sizes[d] === 0);
    const last = strides.reduce((sum, stride, d) => sum + stride * (sizes[d]! - 1), 0);
    const length = isEmpty ? 0 : last + 1;
    regions.set(name, { address: reserve(length * bytes), length, strides });
  }
  return { bytes, end, kernels, regions };
}

/** What a thread has of its own for a kernel, and how many bytes that is. */
function ownArrays(
  text: KernelText,
  sizes: readonly number[],
  bytes: number,
): { readonly own: ReadonlyMap<string, Own>; readonly length: number } {
  const own = new Map<string, Own>();
  let length = inLines(8 * text.totals.length);
  const add = (name: string, size: number, strides: readonly number[]): void => {
    own.set(name, { offset: length, strides });
    length += inLines(size);
  };
  for (const [i, { dims }] of text.keptReductions.entries()) {
    const strides = compactStrides(dims, sizes).map((stride) => 8 * stride);
    add(`kept:${i}`, 8 * (countOf(dims, sizes) + 4), strides);
  }
  for (const { input, dim, lane, rows } of text.windows) {
    const stride = inLines(sizes[lane]! * bytes) + betweenRows;
    const strides = sizes.map((_, d) => (d === dim ? stride : 0));
    add(`window:${input}`, rows.length * stride, strides);
  }
  return { own, length };
}

/** Whether the same kernels run over the same places. */
export function isSameLayout(one: Layout, other: Layout): boolean {
  const texts = ({ kernels }: Layout): string => kernels.map(({ text }) => text.text).join('\n');
  const places = ({ regions }: Layout): string => JSON.stringify([...regions]);
  return (
    one.end === other.end &&
    one.bytes === other.bytes &&
    texts(one) === texts(other) &&
    places(one) === places(other)
  );
}
