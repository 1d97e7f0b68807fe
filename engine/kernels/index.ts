/** The kernels by name. They run in process for the reference backend and on worker threads for the wasm backend. */
import { ctc, emptyCtc } from './ctc.ts';
import { ctcOptax } from './ctc-optax.ts';
import { ctcTensorflow } from './ctc-tensorflow.ts';
import type { Kernel, KernelAnswer, KernelName, KernelRequest } from './kernel.ts';
import { perceptual } from './perceptual.ts';
import { transport } from './transport.ts';

const kernels: Readonly<Record<KernelName, Kernel>> = {
  ctc,
  'ctc-tensorflow': ctcTensorflow,
  'ctc-optax': ctcOptax,
  perceptual,
  transport,
};

export const runKernel = (request: KernelRequest): KernelAnswer => kernels[request.kernel](request);

/** Answers to fill in, of the kernels whose elements stand alone, so that threads can divide them. */
export const emptyAnswers: Partial<
  Record<KernelName, (request: KernelRequest, float64: (length: number) => Float64Array) => KernelAnswer>
> = { ctc: emptyCtc };
