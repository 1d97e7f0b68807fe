/** The GPU that kernels run on: opened when first needed, proven, kept until it is lost or closed. */
import { t } from '@vscode/l10n';
import { LossLensError } from '../../errors.ts';

export interface GpuSettings {
  /** `navigator.gpu`, or another implementation of WebGPU. Without one (`undefined`), nothing is evaluated on a GPU. */
  readonly gpu?: GPU | undefined;
  /**
   * From how many numbers on `backend: 'auto'` evaluates on the GPU, whatever it is. Unless it is given, it is measured:
   * after the first large evaluation, once for each GPU; and adapters that compute on the CPU are left out.
   */
  readonly gpuFrom?: number | 'measured';
}

let settings: GpuSettings = {};
let opened: Promise<Gpu> | undefined;
let measured: { from: number } | undefined;

export function configureGpu(next: GpuSettings): void {
  const { gpu, gpuFrom = settings.gpuFrom } = 'gpu' in next ? next : { ...next, gpu: settings.gpu };
  if (gpu !== settings.gpu) {
    closeGpu();
    measured = undefined;
  }
  settings = { gpu, ...(gpuFrom !== undefined && { gpuFrom }) };
}

export const gpuAvailable = (): boolean => settings.gpu !== undefined;

/** From how many numbers on the GPU is worth the way there; infinity as long as that is not known. */
export function gpuFrom(): number {
  return typeof settings.gpuFrom === 'number'
    ? settings.gpuFrom
    : (measured?.from ?? Number.POSITIVE_INFINITY);
}

/** Has that measured, unless it was stated, or is known, or is being measured. What fails is tried again next time. */
export function measureGpu(from: () => Promise<number>): void {
  if (!settings.gpu || typeof settings.gpuFrom === 'number' || measured) return;
  const own = { from: Number.POSITIVE_INFINITY };
  measured = own;
  from().then(
    (numbers) => {
      own.from = numbers;
    },
    () => {
      if (measured === own) measured = undefined;
    },
  );
}

/** Whether an adapter may be used that nobody asked for by name. */
export const mayUse = (gpu: Gpu): boolean => typeof settings.gpuFrom === 'number' || !gpu.isSoftware;

/** Ends the device; the next evaluation opens one anew. */
export function closeGpu(): void {
  void opened?.then(
    (gpu) => gpu.device.destroy(),
    () => {},
  );
  opened = undefined;
}

/**
 * The device, proven before the first use of it.
 * @throws LossLensError `backend-unsupported` without an adapter, `gpu-refused` when it gives no device, and what
 * `prove` throws
 */
export function openGpu(prove: (gpu: Gpu) => Promise<void>): Promise<Gpu> {
  if (!opened) {
    const opening = open(prove);
    opened = opening;
    const forget = (): void => {
      if (opened === opening) opened = undefined;
    };
    opening.then((gpu) => gpu.device.lost.then(forget)).catch(() => {});
  }
  return opened;
}

async function open(prove: (gpu: Gpu) => Promise<void>): Promise<Gpu> {
  const adapter = await settings.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new LossLensError('backend-unsupported', t('There is no GPU to evaluate on here.'), {
      found: settings.gpu
        ? t('WebGPU without an adapter')
        : t("backend: 'webgpu' without configure({ gpu })"),
      expected: t("'auto', 'reference' or 'wasm'"),
    });
  }
  const { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage } = adapter.limits;
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      requiredLimits: { maxBufferSize, maxStorageBufferBindingSize, maxStorageBuffersPerShaderStage },
    });
  } catch (error) {
    throw new LossLensError('gpu-refused', t`The GPU gives no device: ${String(error)}`);
  }
  const gpu = new Gpu(device, adapter.info);
  await prove(gpu);
  return gpu;
}

/** Kernels that are kept built, the first to come the first to go. */
const mostPipelines = 200;

export class Gpu {
  readonly device: GPUDevice;
  /** An adapter that computes on the CPU: right, but slower than the CPU path. */
  readonly isSoftware: boolean;
  readonly #lost: Promise<never>;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();

  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    this.device = device;
    this.isSoftware =
      info.isFallbackAdapter ||
      /swiftshader|llvmpipe|lavapipe|warp/i.test(`${info.architecture} ${info.device}`);
    this.#lost = device.lost.then(({ message }) => {
      throw new LossLensError(
        'gpu-lost',
        t`The GPU was lost${message ? ` (${message})` : ''}; evaluate again.`,
      );
    });
    this.#lost.catch(() => {});
  }

  /**
   * One pipeline for each text, built once.
   * @throws LossLensError `gpu-refused` with the device's reason; what failed is tried again next time
   */
  pipeline(code: string): Promise<GPUComputePipeline> {
    const existing = this.#pipelines.get(code);
    if (existing) return existing;
    const pipeline = this.#build(code).catch((error) => {
      this.#pipelines.delete(code);
      throw new LossLensError('gpu-refused', t`The GPU refused a kernel: ${(error as Error).message}`);
    });
    this.#pipelines.set(code, pipeline);
    if (this.#pipelines.size > mostPipelines) {
      this.#pipelines.delete(this.#pipelines.keys().next().value!);
    }
    return pipeline;
  }

  /** What is wrong with a kernel's text is told by the scope; the pipeline says only that something was. */
  async #build(code: string): Promise<GPUComputePipeline> {
    const { device } = this;
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code });
    const refusal = device.popErrorScope().catch(() => null);
    const pipeline = device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
    pipeline.catch(() => {});
    const error = await refusal;
    if (error) throw new Error(error.message.split('\n')[0]);
    return pipeline;
  }

  /** The same answer, or the loss of the device: nothing waits for a device that is gone. */
  orLost<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#lost]);
  }

  /**
   * What `work` gives, once the device has taken all that `work` asked of it; `work` itself waits for nothing.
   * @throws LossLensError `gpu-refused` with the device's reason, `gpu-lost`
   */
  async accepted<T>(work: () => T): Promise<T> {
    const kinds = ['out-of-memory', 'validation', 'internal'] as const;
    for (const kind of kinds) this.device.pushErrorScope(kind);
    let refusals: Promise<GPUError | null>[] = [];
    let result: T;
    try {
      result = work();
    } finally {
      refusals = kinds.map(() => this.device.popErrorScope());
      for (const refusal of refusals) refusal.catch(() => {});
    }
    const refusal = (await this.orLost(Promise.all(refusals))).find((error) => error !== null);
    if (refusal) throw new LossLensError('gpu-refused', t`The GPU refused: ${refusal.message}`);
    return result;
  }
}
