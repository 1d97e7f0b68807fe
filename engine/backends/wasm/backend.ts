/**
 * The CPU backend: passes as WebAssembly, run by worker threads over one shared memory; where there is none, as in most
 * web pages, by the thread that asks.
 *
 * Each prepared problem has a memory of its own, of just the size it needs, which holds the parameter blocks, the
 * threads' accumulators, the inputs and the outputs. It goes to the next problem when this one is disposed of: no
 * allocator, nothing to fragment. A problem over the next part of some data takes the memory and the kernels of the one before.
 */
import { t } from '@vscode/l10n';
import { compile } from 'watr';
import type { TypedArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import type { Expr, Reduce } from '../../language/expression.ts';
import { type Kernel, passes } from '../../language/passes.ts';
import { compactStrides, countOf } from '../../language/space.ts';
import type { Backend, Execution, Problem, Result, Uniforms } from '../backend.ts';
import { type Lowered, lower, numberOf } from '../lower.ts';
import { identity } from './kernel/accumulators.ts';
import { blockOffsets, type Step } from './kernel/block.ts';
import { chunk, type KernelText, kernelText } from './kernel/kernel.ts';
import { giveMemoryBack, takeMemory } from './memory.ts';
import {
  type Kernels,
  OwnThread,
  Paced,
  Session,
  sharesMemory,
  startWorkers,
  threadCount,
  workersAvailable,
} from './workers.ts';

interface Wasm extends Backend {
  isAvailable(): boolean;
  /** For runs on the thread that asks, which stands still meanwhile. */
  prepareHere(problem: Problem): Execution;
}

export const wasm: Wasm = {
  name: 'wasm',
  isAvailable: workersAvailable,
  prepare: (problem, previous) => {
    if (sharesMemory()) startWorkers();
    const threads = sharesMemory() ? Session : Paced;
    return new WasmExecution(problem, threads, previous instanceof WasmExecution ? previous : undefined);
  },
  prepareHere: (problem) => new WasmExecution(problem, OwnThread),
};

/** Fewer positions than this a thread are not worth waking it for. */
const worthAThread = 16384;
/** Bytes between the rows of a window: vectors reach beyond the ends, and rows that lie alike in their pages are mistaken for each other. */
const betweenRows = 256;

/** Bytes rounded up to whole lines of the caches. */
const inLines = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** The latest last. A panel at work needs a few; a program that goes through all losses would fill its memory. */
const modules = new Map<string, WebAssembly.Module>();
const mostModules = 200;

function assemble(text: string): WebAssembly.Module {
  const module = modules.get(text) ?? new WebAssembly.Module(compile(text) as Uint8Array<ArrayBuffer>);
  modules.delete(text);
  modules.set(text, module);
  if (modules.size > mostModules) modules.delete(modules.keys().next().value!);
  return module;
}

/** An array in the memory. */
interface Region {
  readonly address: number;
  readonly length: number;
  /** In elements, over the coalesced dimensions. */
  readonly strides: readonly number[];
}

/** An array that each thread has of its own: where it lies among the thread's accumulators, all in bytes. */
interface Own {
  readonly offset: number;
  readonly strides: readonly number[];
}

interface Ready {
  readonly kernel: Kernel;
  readonly text: KernelText;
  readonly block: number;
  /** Where each thread's accumulators are, the totals first. */
  readonly sums: readonly number[];
  readonly own: ReadonlyMap<string, Own>;
}

/** How two threads' shares of a reduction become one. */
const mergeOf = ({ reduction }: Reduce): ((a: number, b: number) => number) =>
  ({
    sum: (a: number, b: number) => a + b,
    max: (a: number, b: number) => Math.max(a, b),
    min: (a: number, b: number) => Math.min(a, b),
  })[reduction];

type ThreadsOf = new (modules: readonly WebAssembly.Module[], memory: WebAssembly.Memory) => Kernels;

class WasmExecution implements Execution {
  readonly #problem: Problem;
  readonly #lowered: Lowered;
  readonly #regions = new Map<string, Region>();
  readonly #ready: Ready[] = [];
  readonly #bytes: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  #end = 0;
  /** What the kernels accumulated in the run that is under way. */
  readonly #accumulated = new Map<Reduce, Float64Array>();
  #timing: { readonly compile: number; readonly transfer: number };
  #isRunning = false;
  #isDisposed = false;

  constructor(problem: Problem, Threads: ThreadsOf, previous?: WasmExecution) {
    const start = performance.now();
    this.#problem = problem;
    this.#bytes = problem.dtype === 'float32' ? 4 : 8;

    this.#lowered = lower(problem);
    this.#layOut(passes(this.#lowered.outputs));
    if (previous && this.#isLaidOutAs(previous)) {
      this.#memory = previous.#memory;
      this.#kernels = previous.#kernels;
      previous.#isDisposed = true;
    } else {
      previous?.dispose();
      this.#memory = takeMemory(this.#end, sharesMemory());
      this.#kernels = new Threads(
        this.#ready.map(({ text }) => assemble(text.text)),
        this.#memory,
      );
    }
    const compiled = performance.now();
    this.#place();
    this.#timing = { compile: compiled - start, transfer: performance.now() - compiled };
  }

  /** Whether the same kernels run over the same places. */
  #isLaidOutAs(other: WasmExecution): boolean {
    const texts = (ready: readonly Ready[]): string => ready.map(({ text }) => text.text).join('\n');
    const places = (one: WasmExecution): string => JSON.stringify([...one.#regions]);
    return (
      this.#end === other.#end &&
      this.#bytes === other.#bytes &&
      texts(this.#ready) === texts(other.#ready) &&
      places(this) === places(other)
    );
  }

  /** Decides where everything lies. */
  #layOut(kernels: readonly Kernel[]): void {
    const rank = this.#lowered.sizes.length;
    // The first word is the flag that cancels a run.
    let end = 64;
    const reserve = (bytes: number): number => {
      const address = end;
      end += inLines(bytes) + 64;
      return address;
    };
    const region = (name: string, length: number, strides: readonly number[]): void => {
      this.#regions.set(name, { address: reserve(length * this.#bytes), length, strides });
    };

    const left: Reduce[] = [];
    const texts = kernels.map((kernel) => {
      const text = kernelText(kernel, {
        lanes: this.#problem.dtype === 'float32' ? 'f32x4' : 'f64x2',
        shared: sharesMemory(),
        rank,
        sizes: this.#lowered.sizes,
        step: (array, dim) => this.#step(this.#stridesOf(array, left), dim),
        accumulated: (node) => `accumulated:${left.indexOf(node)}`,
      });
      left.push(...text.keptReductions);
      return text;
    });
    const threads = threadCount();
    kernels.forEach((kernel, k) => {
      const text = texts[k]!;
      const block = reserve(blockOffsets.numbers(rank, text.arrays.length) + 8 * text.numbers.length);
      const own = new Map<string, Own>();
      let length = inLines(8 * text.totals.length);
      const add = (name: string, bytes: number, strides: readonly number[]): void => {
        own.set(name, { offset: length, strides });
        length += inLines(bytes);
      };
      const { sizes } = this.#lowered;
      for (const [i, { dims }] of text.keptReductions.entries()) {
        const strides = compactStrides(dims, sizes).map((stride) => 8 * stride);
        add(`kept:${i}`, 8 * (countOf(dims, sizes) + 4), strides);
      }
      for (const { input, dim, lane, rows } of text.windows) {
        const stride = inLines(sizes[lane]! * this.#bytes) + betweenRows;
        add(
          `window:${input}`,
          rows.length * stride,
          sizes.map((_, d) => (d === dim ? stride : 0)),
        );
      }
      const sums = Array.from({ length: threads }, () => reserve(length));
      this.#ready.push({ kernel, text, block, sums, own });
    });
    const shared = this.#ready.flatMap(({ text, own }) => text.arrays.filter((name) => !own.has(name)));
    for (const name of new Set(shared)) {
      const strides = this.#stridesOf(name, left);
      const isEmpty = strides.some((stride, d) => stride !== 0 && this.#lowered.sizes[d] === 0);
      const length = strides.reduce((last, stride, d) => last + stride * (this.#lowered.sizes[d]! - 1), 1);
      region(name, isEmpty ? 0 : length, strides);
    }
    this.#end = end;
  }

  room(input: string): TypedArray | undefined {
    const region = this.#regions.get(`input:${input}`);
    const given = this.#lowered.arrays[input]?.data;
    if (!region || given?.length !== region.length) return undefined;
    const view = this.#view(region.address, region.length);
    return view.constructor === given.constructor ? view : undefined;
  }

  #stridesOf(array: string, left: readonly Reduce[]): readonly number[] {
    const [kind, name] = array.split(':') as [string, string];
    if (kind === 'elements') return this.#lowered.elementStrides!;
    if (kind === 'accumulated') return compactStrides(left[Number(name)]!.dims, this.#lowered.sizes);
    return this.#lowered.arrays[name]!.strides;
  }

  #step(strides: readonly number[], dim: number): Step {
    const stride = strides[dim]!;
    return stride === 0 ? 'none' : stride === 1 ? 'unit' : 'any';
  }

  /** Copies the inputs in, as what the kernels compute in, and writes what does not change from run to run. */
  #place(): void {
    for (const [name, { address, length }] of this.#regions) {
      if (!name.startsWith('input:')) continue;
      const { data } = this.#lowered.arrays[name.slice(6)]!;
      const into = this.#view(address, length);
      if (data.buffer === into.buffer && data.byteOffset === address) continue;
      if (data instanceof BigInt64Array) for (let i = 0; i < length; i++) into[i] = Number(data[i]);
      else into.set(data.length === length ? data : data.subarray(0, length));
    }
    const rank = this.#lowered.sizes.length;
    for (const { text, block, own } of this.#ready) {
      const words = new Int32Array(this.#memory.buffer, block);
      this.#lowered.sizes.forEach((size, d) => {
        words[blockOffsets.size(d) / 4] = size;
      });
      text.arrays.forEach((name, i) => {
        const { offset, strides } = own.get(name) ?? this.#inBytes(name);
        words[blockOffsets.address(rank, i) / 4] = offset;
        strides.forEach((stride, d) => {
          words[blockOffsets.stride(rank, i, d) / 4] = stride;
        });
      });
    }
  }

  #inBytes(name: string): Own {
    const { address, strides } = this.#regions.get(name)!;
    return { offset: address, strides: strides.map((stride) => stride * this.#bytes) };
  }

  #view(address: number, length: number): Float32Array | Float64Array {
    return this.#bytes === 4
      ? new Float32Array(this.#memory.buffer, address, length)
      : new Float64Array(this.#memory.buffer, address, length);
  }

  async run(uniforms: Uniforms, signal?: AbortSignal): Promise<Result> {
    const start = performance.now();
    const checkWanted = (): void => {
      if (signal?.aborted || this.#isDisposed)
        throw new LossLensError('cancelled', t('The evaluation was cancelled.'));
    };
    checkWanted();
    this.#accumulated.clear();
    this.#cancel(false);
    const cancel = (): void => this.#cancel(true);
    signal?.addEventListener('abort', cancel);
    this.#isRunning = true;
    try {
      for (const k of this.#ready.keys()) {
        await this.#runKernel(k, uniforms);
        checkWanted();
      }
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#isRunning = false;
      if (this.#isDisposed) this.#leave();
    }
    const { numerator, denominator, totals, elements, gradients } = this.#lowered;
    const result: Result = {
      numerator: this.#number(numerator, uniforms),
      denominator: this.#number(denominator, uniforms),
      totals: totals.map((total) => this.#number(total, uniforms)),
      ...(elements && {
        elements: this.#output('elements', elements, countOf(elements.dims, this.#lowered.sizes), uniforms),
      }),
      gradients: Object.fromEntries(
        Object.entries(gradients).map(([name, node]) => [
          name,
          this.#output(`gradient:${name}`, node, this.#problem.arrays[name]!.data.length, uniforms),
        ]),
      ),
      dtype: this.#problem.dtype,
      timing: { ...this.#timing, run: performance.now() - start },
    };
    this.#timing = { compile: 0, transfer: 0 };
    return result;
  }

  /** A view of what a kernel stored; a number without dimensions, of which no kernel knows, is computed here. */
  #output(name: string, node: Expr, length: number, uniforms: Uniforms): TypedArray {
    const region = this.#regions.get(name);
    if (region) return this.#view(region.address, length);
    const alone = this.#bytes === 4 ? new Float32Array(length) : new Float64Array(length);
    return alone.fill(this.#number(node, uniforms));
  }

  async #runKernel(k: number, uniforms: Uniforms): Promise<void> {
    const { kernel, text, block, sums, own } = this.#ready[k]!;
    const rank = this.#lowered.sizes.length;
    const numbers = new Float64Array(
      this.#memory.buffer,
      block + blockOffsets.numbers(rank, text.arrays.length),
      text.numbers.length,
    );
    text.numbers.forEach((node, i) => {
      numbers[i] = this.#number(node, uniforms);
    });
    for (const node of [...text.arrays]) {
      if (node.startsWith('accumulated:')) this.#placeAccumulated(node);
    }

    let items = text.itemDims.reduce((count, d) => count * this.#lowered.sizes[d]!, 1);
    if (text.chunked !== undefined) items *= Math.ceil(this.#lowered.sizes[text.chunked]! / chunk);
    const positions = countOf(kernel.outer | kernel.inner, this.#lowered.sizes);
    const threads = Math.max(1, Math.min(sums.length, items, Math.ceil(positions / worthAThread)));
    const totals = (t: number): Float64Array =>
      new Float64Array(this.#memory.buffer, sums[t]!, text.totals.length);
    const kept = (t: number, i: number): Float64Array =>
      new Float64Array(
        this.#memory.buffer,
        sums[t]! + own.get(`kept:${i}`)!.offset,
        countOf(text.keptReductions[i]!.dims, this.#lowered.sizes),
      );
    for (let t = 0; t < threads; t++) {
      totals(t).set(text.totals.map(identity));
      for (const [i, node] of text.keptReductions.entries()) kept(t, i).fill(identity(node));
    }
    const bound = (t: number): number => Math.floor((items * t) / threads);
    if (items > 0) {
      await this.#kernels.run(
        k,
        block,
        Array.from({ length: threads }, (_, t) => ({ begin: bound(t), end: bound(t + 1), sums: sums[t]! })),
      );
    }
    text.totals.forEach((node, i) => {
      const parts = Array.from({ length: threads }, (_, t) => totals(t)[i]!);
      this.#accumulated.set(node, Float64Array.of(parts.reduce(mergeOf(node))));
    });
    text.keptReductions.forEach((node, i) => {
      const merge = mergeOf(node);
      const total = kept(0, i).slice();
      for (let t = 1; t < threads; t++) {
        const part = kept(t, i);
        for (let j = 0; j < total.length; j++) total[j] = merge(total[j]!, part[j]!);
      }
      this.#accumulated.set(node, total);
    });
  }

  /** Gives a later kernel what an earlier one accumulated, in the order in which kernels accumulate. */
  #placeAccumulated(name: string): void {
    const kept = this.#ready.flatMap(({ text }) => text.keptReductions);
    const { address, length } = this.#regions.get(name)!;
    this.#view(address, length).set(this.#accumulated.get(kept[Number(name.slice(12))]!)!);
  }

  /** A number without dimensions, from constants, parameters, sizes and what the kernels accumulated. */
  #number(node: Expr, uniforms: Uniforms): number {
    return numberOf(
      node,
      this.#lowered,
      this.#problem.dtype,
      uniforms,
      (total) => this.#accumulated.get(total)![0]!,
    );
  }

  /** Tells the threads, which look between two pieces, to leave the run that is under way. */
  #cancel(isCancelled: boolean): void {
    Atomics.store(new Int32Array(this.#memory.buffer, 0, 1), 0, isCancelled ? 1 : 0);
  }

  /** A run that is under way ends as cancelled. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#cancel(true);
    if (!this.#isRunning) this.#leave();
  }

  /** Once no thread is at work in it, the memory is for the next. */
  #leave(): void {
    this.#kernels.end();
    giveMemoryBack(this.#memory);
  }
}
