/**
 * The GPU backend: passes as WGSL, in float32.
 *
 * A prepared problem has buffers of its own: the inputs, put there once, the outputs, and what kernels leave for each
 * other. A run writes the numbers, dispatches every kernel in one submission, and reads back the totals and whatever
 * output was asked for.
 *
 * WGSL promises nothing about infinities, NaN and subnormal numbers. They are looked for by their bits, in the inputs
 * before they are placed and in all that comes back; what has any is refused, for the CPU to evaluate.
 */
import type { TypedArray } from '../../array.ts';
import { LossLensError } from '../../errors.ts';
import type { Expr } from '../../language/expression.ts';
import { countOf } from '../../language/space.ts';
import type { Backend, Execution, Problem, Result, Uniforms } from '../backend.ts';
import { type Lowered, lower, numberOf } from '../lower.ts';
import { type Gpu, gpuAvailable, mayUse, openGpu } from './device.ts';
import { scratch } from './kernel.ts';
import { type Dispatch, type Plan, plan } from './plan.ts';
import { prove } from './proof.ts';

const open = (): Promise<Gpu> =>
  openGpu((gpu) => prove((problem) => new GpuExecution(problem, async () => gpu)));

/** For who names it: on any adapter. */
export const webgpu: Backend & { isAvailable(): boolean } = {
  name: 'webgpu',
  isAvailable: gpuAvailable,
  prepare: (problem) => new GpuExecution(problem, open),
};

/** For `auto`: on adapters that are worth it. */
export const hardware: Backend = {
  name: 'webgpu',
  prepare: (problem) =>
    new GpuExecution(problem, async () => {
      const gpu = await open();
      if (mayUse(gpu)) return gpu;
      throw unsupported('The GPU here is a program on the CPU.', 'a software adapter');
    }),
};

const unsupported = (sentence: string, found: string): LossLensError =>
  new LossLensError('backend-unsupported', sentence, { found, expected: "'auto', 'reference' or 'wasm'" });

// As WebGPU numbers them; outside browsers the names are no globals.
const usage = { mapRead: 1, copySource: 4, copyDestination: 8, uniform: 64, storage: 128 } as const;
const mapModeRead = 1;

/** The first number that is infinite, NaN or subnormal; −1 when there is none. */
function firstUnsafe(data: Float32Array, isInput: boolean): number {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < bits.length; i++) {
    const exponent = bits[i]! & 0x7f800000;
    if (exponent === 0x7f800000) return i;
    if (isInput && exponent === 0 && (bits[i]! & 0x7fffff) !== 0) return i;
  }
  return -1;
}

function toFloat32(data: TypedArray): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  return Float32Array.from(data);
}

/** A dispatch whose pipeline stands and whose buffers are bound. */
interface Bound {
  readonly dispatch: Dispatch;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly block: GPUBuffer;
}

interface Ready {
  readonly gpu: Gpu;
  readonly bound: readonly Bound[];
  readonly buffers: ReadonlyMap<string, GPUBuffer>;
  /** Where what comes back is read, by what it is a copy of. */
  readonly staging: ReadonlyMap<string, GPUBuffer>;
}

class GpuExecution implements Execution {
  readonly #lowered: Lowered;
  readonly #plan: Plan;
  readonly #inputs = new Map<string, Float32Array>();
  /** How many float32 each output has. */
  readonly #outputs = new Map<string, number>();
  readonly #ready: Promise<Ready>;
  #made: GPUBuffer[] = [];
  #disposed = false;
  #timing = { compile: 0, transfer: 0 };
  /** The run before: they share buffers. */
  #previous: Promise<unknown> = Promise.resolve();

  /** @throws LossLensError `backend-unsupported` for problems that are the CPU's. */
  constructor(problem: Problem, gpu: () => Promise<Gpu>) {
    const start = performance.now();
    if (problem.dtype === 'float64') throw unsupported('The GPU has no float64.', 'float64');
    if (problem.sizes.includes(0))
      throw unsupported('The GPU evaluates no empty arrays.', `[${problem.sizes}]`);
    this.#lowered = lower(problem);
    this.#plan = plan(this.#lowered);
    const used = new Set(this.#plan.dispatches.flatMap(({ bindings }) => bindings));
    for (const [name, { data }] of Object.entries(problem.arrays)) {
      if (used.has(`gradient:${name}`)) this.#outputs.set(`gradient:${name}`, data.length);
      if (!used.has(`input:${name}`)) continue;
      const numbers = toFloat32(data);
      const unsafe = firstUnsafe(numbers, true);
      if (unsafe >= 0) {
        throw unsupported(
          'The GPU promises nothing about infinite, NaN and subnormal numbers.',
          `${data[unsafe]} in ${name}`,
        );
      }
      this.#inputs.set(name, numbers);
    }
    if (used.has('elements')) {
      this.#outputs.set('elements', countOf(problem.elements!.dims, problem.sizes));
    }
    this.#timing.compile = performance.now() - start;
    this.#ready = gpu().then((opened) => this.#build(opened));
    this.#ready.catch(() => {});
  }

  async #build(gpu: Gpu): Promise<Ready> {
    const { device } = gpu;
    const { maxStorageBuffersPerShaderStage, maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    const { dispatches, scratchLength } = this.#plan;
    const most = Math.max(...dispatches.map(({ bindings }) => bindings.length));
    if (most > maxStorageBuffersPerShaderStage) {
      throw unsupported('This loss has more inputs than the GPU can read at once.', `${most} arrays`);
    }
    const start = performance.now();
    const pipelines = await gpu.orLost(Promise.all(dispatches.map(({ text }) => gpu.pipeline(text))));
    const compiled = performance.now();

    const lengths = new Map<string, number>([
      [scratch, scratchLength],
      ...this.#outputs,
      ...[...this.#inputs].map(([name, { length }]): [string, number] => [`input:${name}`, length]),
    ]);
    const largest = Math.max(...lengths.values()) * 4;
    if (largest > Math.min(maxStorageBufferBindingSize, maxBufferSize)) {
      throw new LossLensError('gpu-refused', 'An array is larger than the GPU takes at once.', {
        found: `${(largest / 2 ** 20).toFixed(0)} MiB`,
        expected: `at most ${(Math.min(maxStorageBufferBindingSize, maxBufferSize) / 2 ** 20).toFixed(0)} MiB`,
      });
    }
    const ready = await gpu.accepted((): Ready => {
      if (this.#disposed) throw cancelled();
      const make = (words: number, use: number): GPUBuffer => {
        const buffer = device.createBuffer({ size: Math.max(16, 4 * words), usage: use });
        this.#made.push(buffer);
        return buffer;
      };
      const buffers = new Map(
        [...lengths].map(([name, length]) => [
          name,
          make(length, usage.storage | usage.copySource | usage.copyDestination),
        ]),
      );
      for (const [name, data] of this.#inputs) {
        device.queue.writeBuffer(buffers.get(`input:${name}`)!, 0, data as Float32Array<ArrayBuffer>);
      }
      const bound = dispatches.map((dispatch, i): Bound => {
        const pipeline = pipelines[i]!;
        const block = make(Math.ceil(dispatch.words.length / 4) * 4, usage.uniform | usage.copyDestination);
        const entries = [block, ...dispatch.bindings.map((name) => buffers.get(name)!)].map(
          (buffer, binding) => ({ binding, resource: { buffer } }),
        );
        const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
        return { dispatch, pipeline, group, block };
      });
      const read = (length: number): GPUBuffer => make(length, usage.mapRead | usage.copyDestination);
      const staging = new Map([
        [scratch, read(this.#plan.totals.length)],
        ...[...this.#outputs].map(([name, length]): [string, GPUBuffer] => [name, read(length)]),
      ]);
      return { gpu, bound, buffers, staging };
    });
    this.#inputs.clear();
    this.#timing = {
      compile: this.#timing.compile + compiled - start,
      transfer: performance.now() - compiled,
    };
    return ready;
  }

  run(uniforms: Uniforms, signal?: AbortSignal): Promise<Result> {
    const result = this.#previous.then(() => this.#run(uniforms, signal));
    this.#previous = result.catch(() => {});
    return result;
  }

  async #run(uniforms: Uniforms, signal?: AbortSignal): Promise<Result> {
    const { gpu, bound, buffers, staging } = await this.#ready;
    const start = performance.now();
    const values = await this.#compute(gpu, bound, buffers, staging, uniforms, signal);
    const totals = values.get(scratch)!;
    const number = (node: Expr): number =>
      numberOf(
        node,
        this.#lowered,
        'float32',
        uniforms,
        (total) => totals[this.#plan.totals.indexOf(total)]!,
      );
    const { numerator, denominator, elements, gradients, arrays } = this.#lowered;
    // A number without dimensions, of which no kernel knows, is computed here.
    const output = (name: string, node: Expr, length: number): Float32Array =>
      values.get(name) ?? new Float32Array(length).fill(number(node));
    const result: Result = {
      numerator: number(numerator),
      denominator: number(denominator),
      ...(elements && { elements: output('elements', elements, 1) }),
      gradients: Object.fromEntries(
        Object.entries(gradients).map(([name, node]) => [
          name,
          output(`gradient:${name}`, node, arrays[name]!.data.length),
        ]),
      ),
      dtype: 'float32',
      timing: { ...this.#timing, run: performance.now() - start },
    };
    this.#timing = { compile: 0, transfer: 0 };
    const isSafe = [...values.values()].every((numbers) => firstUnsafe(numbers, false) < 0);
    if (!isSafe || !Number.isFinite(result.numerator)) {
      throw unsupported('The GPU promises nothing about infinite numbers and NaN.', 'some in the result');
    }
    return result;
  }

  /** Dispatches every kernel, and reads back what comes of it. */
  async #compute(
    gpu: Gpu,
    bound: readonly Bound[],
    buffers: Ready['buffers'],
    staging: Ready['staging'],
    uniforms: Uniforms,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, Float32Array>> {
    const { queue } = gpu.device;
    const lengthOf = (name: string): number => this.#outputs.get(name) ?? this.#plan.totals.length;
    const known = (node: Expr): number => numberOf(node, this.#lowered, 'float32', uniforms, unknown);
    try {
      const { mapped } = await gpu.accepted(() => {
        if (this.#disposed || signal?.aborted) throw cancelled();
        const encoder = gpu.device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (const { dispatch, pipeline, group, block } of bound) {
          queue.writeBuffer(block, 0, blockOf(dispatch, known));
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(dispatch.groups);
        }
        pass.end();
        for (const [name, to] of staging) {
          if (lengthOf(name) > 0) {
            encoder.copyBufferToBuffer(buffers.get(name)!, 0, to, 0, 4 * lengthOf(name));
          }
        }
        queue.submit([encoder.finish()]);
        const mapped = Promise.all([...staging.values()].map((buffer) => buffer.mapAsync(mapModeRead)));
        mapped.catch(() => {});
        return { mapped };
      });
      await gpu.orLost(mapped);
      return new Map(
        [...staging].map(([name, buffer]) => [
          name,
          new Float32Array(buffer.getMappedRange().slice(0, 4 * lengthOf(name))),
        ]),
      );
    } catch (error) {
      if (error instanceof LossLensError) throw error;
      // A buffer that was waited for and is gone: with this execution, or with the device.
      if (this.#disposed) throw cancelled();
      throw new LossLensError('gpu-lost', `The GPU gave no answer (${String(error)}); evaluate again.`);
    } finally {
      for (const buffer of staging.values()) if (buffer.mapState !== 'unmapped') buffer.unmap();
    }
  }

  dispose(): void {
    this.#disposed = true;
    for (const buffer of this.#made) buffer.destroy();
    this.#made = [];
  }
}

const cancelled = (): LossLensError => new LossLensError('cancelled', 'The evaluation was cancelled.');

const unknown = (): never => {
  throw new Error('a reduction is not known before the run');
};

/** The uniform block's words, numbers among them as float32. */
function blockOf({ words }: Dispatch, known: (node: Expr) => number): Uint32Array<ArrayBuffer> {
  const block = new Uint32Array(Math.ceil(words.length / 4) * 4);
  const numbers = new Float32Array(block.buffer);
  for (const [i, word] of words.entries()) {
    if (typeof word === 'number') block[i] = word;
    else numbers[i] = known(word);
  }
  return block;
}
