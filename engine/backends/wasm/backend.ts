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
import { countOf } from '../../language/space.ts';
import type { Backend, Execution, Problem, Result, Uniforms } from '../backend.ts';
import { type Lowered, lower, numberOf } from '../lower.ts';
import { identity } from './kernel/accumulators.ts';
import { blockOffsets } from './kernel/block.ts';
import { chunk } from './kernel/kernel.ts';
import { isSameLayout, type Layout, layOut } from './layout.ts';
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
  readonly #layout: Layout;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  /** What the kernels accumulated in the run that is under way. */
  readonly #accumulated = new Map<Reduce, Float64Array>();
  #timing: { readonly compile: number; readonly transfer: number };
  #isRunning = false;
  #isDisposed = false;

  constructor(problem: Problem, Threads: ThreadsOf, previous?: WasmExecution) {
    const start = performance.now();
    this.#problem = problem;
    this.#lowered = lower(problem);
    this.#layout = layOut(this.#lowered, problem.dtype, threadCount(), sharesMemory());
    if (previous && isSameLayout(this.#layout, previous.#layout)) {
      this.#memory = previous.#memory;
      this.#kernels = previous.#kernels;
      previous.#isDisposed = true;
    } else {
      previous?.dispose();
      this.#memory = takeMemory(this.#layout.end, sharesMemory());
      this.#kernels = new Threads(
        this.#layout.kernels.map(({ text }) => assemble(text.text)),
        this.#memory,
      );
    }
    const compiled = performance.now();
    this.#place();
    this.#timing = { compile: compiled - start, transfer: performance.now() - compiled };
  }

  room(input: string): TypedArray | undefined {
    const region = this.#layout.regions.get(`input:${input}`);
    const given = this.#lowered.arrays[input]?.data;
    if (!region || given?.length !== region.length) return undefined;
    const view = this.#view(region.address, region.length);
    return view.constructor === given.constructor ? view : undefined;
  }

  /** Copies the inputs in, as what the kernels compute in, and writes what does not change from run to run. */
  #place(): void {
    const { bytes, kernels, regions } = this.#layout;
    for (const [name, { address, length }] of regions) {
      if (!name.startsWith('input:')) continue;
      const { data } = this.#lowered.arrays[name.slice(6)]!;
      const into = this.#view(address, length);
      if (data.buffer === into.buffer && data.byteOffset === address) continue;
      if (data instanceof BigInt64Array) for (let i = 0; i < length; i++) into[i] = Number(data[i]);
      else into.set(data.length === length ? data : data.subarray(0, length));
    }
    const rank = this.#lowered.sizes.length;
    for (const { text, block, own } of kernels) {
      const words = new Int32Array(this.#memory.buffer, block);
      this.#lowered.sizes.forEach((size, d) => {
        words[blockOffsets.size(d) / 4] = size;
      });
      text.arrays.forEach((name, i) => {
        const place = own.get(name);
        const region = regions.get(name);
        words[blockOffsets.address(rank, i) / 4] = place?.offset ?? region!.address;
        const strides = place?.strides ?? region!.strides.map((stride) => stride * bytes);
        strides.forEach((stride, d) => {
          words[blockOffsets.stride(rank, i, d) / 4] = stride;
        });
      });
    }
  }

  #view(address: number, length: number): Float32Array | Float64Array {
    return this.#layout.bytes === 4
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
      for (const k of this.#layout.kernels.keys()) {
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
    const region = this.#layout.regions.get(name);
    if (region) return this.#view(region.address, length);
    const alone = this.#layout.bytes === 4 ? new Float32Array(length) : new Float64Array(length);
    return alone.fill(this.#number(node, uniforms));
  }

  async #runKernel(k: number, uniforms: Uniforms): Promise<void> {
    const { kernel, text, block, sums, own } = this.#layout.kernels[k]!;
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
    const kept = this.#layout.kernels.flatMap(({ text }) => text.keptReductions);
    const { address, length } = this.#layout.regions.get(name)!;
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
