/** Buffers on a GPU and the dispatches over them: placed and bound once, run again and again. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';
import type { Gpu } from './device.ts';

/** One kernel, and what it is bound to. */
export interface Dispatch {
  readonly text: string;
  /** Buffers by name, after the uniform block. */
  readonly bindings: readonly string[];
  readonly groups: number;
}

/** What there is to do. Buffers are counted in words of four bytes. */
export interface Plan<D extends Dispatch> {
  readonly dispatches: readonly D[];
  /** Put there at the start, and never changed. */
  readonly inputs: ReadonlyMap<string, Float32Array | Uint32Array>;
  /** The buffers that kernels write: how long each is. */
  readonly written: ReadonlyMap<string, number>;
  /** What a run reads back: how much from the start of which buffer. */
  readonly read: ReadonlyMap<string, number>;
}

// As WebGPU numbers them; outside browsers the names are no globals.
const usage = { mapRead: 1, copySource: 4, copyDestination: 8, uniform: 64, storage: 128 } as const;
const mapModeRead = 1;

/** A dispatch whose pipeline stands and whose buffers are bound. */
interface Bound<D> {
  readonly dispatch: D;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly block: GPUBuffer;
}

interface Ready<D> {
  readonly gpu: Gpu;
  readonly bound: readonly Bound<D>[];
  readonly buffers: ReadonlyMap<string, GPUBuffer>;
  /** Where what comes back is read, by what it is a copy of. */
  readonly staging: ReadonlyMap<string, GPUBuffer>;
}

export class Work<D extends Dispatch> {
  readonly #read: ReadonlyMap<string, number>;
  readonly #ready: Promise<Ready<D>>;
  #made: GPUBuffer[] = [];
  #disposed = false;
  #timing = { compile: 0, transfer: 0 };
  /** The run before: they share buffers. */
  #previous: Promise<unknown> = Promise.resolve();

  /** @param wordsOf how many words a dispatch's uniform block has */
  constructor(gpu: Promise<Gpu>, plan: Plan<D>, wordsOf: (dispatch: D) => number) {
    this.#read = plan.read;
    this.#ready = gpu.then((opened) => this.#build(opened, plan, wordsOf));
    this.#ready.catch(() => {});
  }

  async #build(gpu: Gpu, plan: Plan<D>, wordsOf: (dispatch: D) => number): Promise<Ready<D>> {
    const { dispatches, inputs, written } = plan;
    const lengths = new Map([
      ...written,
      ...[...inputs].map(([name, { length }]): [string, number] => [name, length]),
    ]);
    requireRoom(gpu, dispatches, lengths);
    const start = performance.now();
    const pipelines = await gpu.orLost(Promise.all(dispatches.map(({ text }) => gpu.pipeline(text))));
    const compiled = performance.now();
    const ready = await gpu.accepted((): Ready<D> => {
      if (this.#disposed) throw cancelled();
      const make = (words: number, use: number): GPUBuffer => {
        const buffer = bufferOf(gpu, words, use);
        this.#made.push(buffer);
        return buffer;
      };
      const buffers = new Map(
        [...lengths].map(([name, length]) => [
          name,
          make(length, usage.storage | usage.copySource | usage.copyDestination),
        ]),
      );
      for (const [name, data] of inputs) {
        gpu.device.queue.writeBuffer(buffers.get(name)!, 0, data as Float32Array<ArrayBuffer>);
      }
      const bound = dispatches.map((dispatch, i): Bound<D> => {
        const pipeline = pipelines[i]!;
        const block = make(wordsOf(dispatch), usage.uniform | usage.copyDestination);
        const group = groupOf(gpu, pipeline, [block, ...dispatch.bindings.map((name) => buffers.get(name)!)]);
        return { dispatch, pipeline, group, block };
      });
      const staging = new Map(
        [...this.#read].map(([name, length]) => [name, make(length, usage.mapRead | usage.copyDestination)]),
      );
      return { gpu, bound, buffers, staging };
    });
    this.#timing = { compile: compiled - start, transfer: performance.now() - compiled };
    return ready;
  }

  /** Resolves when the buffers are filled and the pipelines stand. */
  get placed(): Promise<unknown> {
    return this.#ready;
  }

  /** Milliseconds that pipelines and placing took, since it was last asked. */
  takeTiming(): { readonly compile: number; readonly transfer: number } {
    const timing = this.#timing;
    this.#timing = { compile: 0, transfer: 0 };
    return timing;
  }

  /**
   * Dispatches every kernel, and reads back what comes of it, as float32.
   * @param blockOf the words of a dispatch's uniform block, in this run
   */
  run(
    blockOf: (dispatch: D) => Uint32Array<ArrayBuffer>,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Float32Array>> {
    return this.#inTurn(async () => {
      const { gpu, bound, buffers, staging } = await this.#ready;
      const { device } = gpu;
      return this.#answered(gpu, staging, this.#read, () => {
        if (this.#disposed || signal?.aborted) throw cancelled();
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (const { dispatch, pipeline, group, block } of bound) {
          device.queue.writeBuffer(block, 0, blockOf(dispatch));
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(dispatch.groups);
        }
        pass.end();
        for (const [name, to] of staging) {
          const length = this.#read.get(name)!;
          if (length > 0) encoder.copyBufferToBuffer(buffers.get(name)!, 0, to, 0, 4 * length);
        }
        device.queue.submit([encoder.finish()]);
      });
    });
  }

  /** Words of a buffer as the last run left them, at these places. */
  take(name: string, indices: Uint32Array): Promise<Float32Array> {
    const { length } = indices;
    if (length === 0) return Promise.resolve(new Float32Array());
    return this.#inTurn(async () => {
      const { gpu, buffers } = await this.#ready;
      const { device } = gpu;
      const pipeline = await gpu.orLost(gpu.pipeline(takeText));
      const own: GPUBuffer[] = [];
      const make = (use: number): GPUBuffer => {
        const buffer = bufferOf(gpu, length, use);
        own.push(buffer);
        return buffer;
      };
      const staging = new Map<string, GPUBuffer>();
      try {
        const answer = await this.#answered(gpu, staging, new Map([[name, length]]), () => {
          if (this.#disposed) throw cancelled();
          const places = make(usage.storage | usage.copyDestination);
          const taken = make(usage.storage | usage.copySource);
          staging.set(name, make(usage.mapRead | usage.copyDestination));
          device.queue.writeBuffer(places, 0, indices as Uint32Array<ArrayBuffer>);
          const encoder = device.createCommandEncoder();
          const pass = encoder.beginComputePass();
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, groupOf(gpu, pipeline, [buffers.get(name)!, places, taken]));
          pass.dispatchWorkgroups(Math.ceil(length / takers));
          pass.end();
          encoder.copyBufferToBuffer(taken, 0, staging.get(name)!, 0, 4 * length);
          device.queue.submit([encoder.finish()]);
        });
        return answer.get(name)!;
      } finally {
        for (const buffer of own) buffer.destroy();
      }
    });
  }

  /** A buffer as the last run left it. */
  whole(name: string, length: number): Promise<Float32Array> {
    return this.#inTurn(async () => {
      const { gpu, buffers } = await this.#ready;
      const staging = new Map<string, GPUBuffer>();
      try {
        const answer = await this.#answered(gpu, staging, new Map([[name, length]]), () => {
          if (this.#disposed) throw cancelled();
          const to = bufferOf(gpu, length, usage.mapRead | usage.copyDestination);
          staging.set(name, to);
          const encoder = gpu.device.createCommandEncoder();
          encoder.copyBufferToBuffer(buffers.get(name)!, 0, to, 0, 4 * length);
          gpu.device.queue.submit([encoder.finish()]);
        });
        return answer.get(name)!;
      } finally {
        staging.get(name)?.destroy();
      }
    });
  }

  dispose(): void {
    this.#disposed = true;
    for (const buffer of this.#made) buffer.destroy();
    this.#made = [];
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#previous.then(task);
    this.#previous = result.catch(() => {});
    return result;
  }

  /** What the staging buffers hold once the device has done what `submit` asked of it. */
  async #answered(
    gpu: Gpu,
    staging: ReadonlyMap<string, GPUBuffer>,
    lengths: ReadonlyMap<string, number>,
    submit: () => void,
  ): Promise<ReadonlyMap<string, Float32Array>> {
    try {
      const { mapped } = await gpu.accepted(() => {
        submit();
        const mapped = Promise.all([...staging.values()].map((buffer) => buffer.mapAsync(mapModeRead)));
        mapped.catch(() => {});
        return { mapped };
      });
      await gpu.orLost(mapped);
      return new Map(
        [...staging].map(([name, buffer]) => [
          name,
          new Float32Array(buffer.getMappedRange().slice(0, 4 * lengths.get(name)!)),
        ]),
      );
    } catch (error) {
      if (error instanceof LossLensError) throw error;
      // A buffer that was waited for and is gone: with this work, or with the device.
      if (this.#disposed) throw cancelled();
      throw new LossLensError('gpu-lost', t`The GPU gave no answer (${String(error)}); evaluate again.`);
    } finally {
      for (const buffer of staging.values()) if (buffer.mapState !== 'unmapped') buffer.unmap();
    }
  }
}

/** Invocations in a workgroup of `takeText`. */
const takers = 64;

/** Words and not numbers: what is moved must not be rounded on the way. */
const takeText = `
@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read> places: array<u32>;
@group(0) @binding(2) var<storage, read_write> taken: array<u32>;
@compute @workgroup_size(${takers})
fn main(@builtin(global_invocation_id) own: vec3u) {
  if (own.x < arrayLength(&places)) { taken[own.x] = source[places[own.x]]; }
}`;

function bufferOf({ device }: Gpu, words: number, use: number): GPUBuffer {
  return device.createBuffer({ size: Math.max(16, 4 * words), usage: use });
}

function groupOf({ device }: Gpu, pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  return device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
}

/** @throws LossLensError for what the device cannot take, before it is asked. */
function requireRoom(
  { device }: Gpu,
  dispatches: readonly Dispatch[],
  lengths: ReadonlyMap<string, number>,
): void {
  const { maxStorageBuffersPerShaderStage, maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const most = Math.max(...dispatches.map(({ bindings }) => bindings.length));
  if (most > maxStorageBuffersPerShaderStage) {
    throw unsupported('This loss has more inputs than the GPU can read at once.', `${most} arrays`);
  }
  const largest = Math.max(...lengths.values()) * 4;
  const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  if (largest > limit) {
    throw new LossLensError('gpu-refused', t('An array is larger than the GPU takes at once.'), {
      found: `${(largest / 2 ** 20).toFixed(0)} MiB`,
      expected: t`at most ${(limit / 2 ** 20).toFixed(0)} MiB`,
    });
  }
}

export const unsupported = (sentence: string, found: string): LossLensError =>
  new LossLensError('backend-unsupported', sentence, { found, expected: t("'auto', 'reference' or 'wasm'") });

export const cancelled = (): LossLensError =>
  new LossLensError('cancelled', t('The evaluation was cancelled.'));

/** The first number that is infinite, NaN or, of an input, subnormal; −1 when there is none. */
export function firstUnsafe(data: Float32Array, isInput: boolean): number {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < bits.length; i++) {
    const exponent = bits[i]! & 0x7f800000;
    if (exponent === 0x7f800000) return i;
    if (isInput && exponent === 0 && (bits[i]! & 0x7fffff) !== 0) return i;
  }
  return -1;
}
