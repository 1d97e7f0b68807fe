/**
 * Losses that the loss language does not hold (dynamic programs, sorting, optimisation) are kernels: plain code for
 * value and gradient behind one interface, run in process by the reference backend and on a worker thread by the wasm
 * backend.
 */
import type { TypedArray } from '../array.ts';
import type { ParameterValue } from '../evaluation.ts';
import type { Network } from '../networks/network.ts';
import { ctc, emptyCtc } from './ctc.ts';
import { ctcOptax } from './ctc-optax.ts';
import { ctcTensorflow } from './ctc-tensorflow.ts';
import { perceptual } from './perceptual.ts';
import { transport } from './transport.ts';

export interface KernelArray {
  readonly data: TypedArray;
  readonly shape: readonly number[];
}

/** A trained network that a kernel's inputs go through, some images at a time. */
export interface KernelNetwork {
  readonly network: Network;
  /** Of one pass: the network's own batch and an image's extents. */
  readonly imageShape: readonly number[];
  /** Of matrix products. */
  readonly module: WebAssembly.Module;
}

export interface KernelRequest {
  readonly kernel: KernelName;
  readonly network?: KernelNetwork;
  readonly inputs: Readonly<Record<string, KernelArray>>;
  /** Numbers that come with each run. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Facts that the binding fixes: layouts, conventions. */
  readonly facts: Readonly<Record<string, ParameterValue>>;
  /** The inputs to differentiate by. */
  readonly gradients: readonly string[];
  /** For each element: the derivative of the value by it. */
  readonly shares: Float64Array;
  /** Of a kernel whose elements stand alone: which of them to compute, and the answer to fill them into. All, and a new one, unless given. */
  readonly part?: { readonly begin: number; readonly end: number; readonly of: KernelAnswer };
}

export interface KernelAnswer {
  /** The unreduced loss. */
  readonly elements: Float64Array;
  /** Of Σ shares · elements; stored like their inputs. */
  readonly gradients: Readonly<Record<string, Float64Array>>;
  readonly extras: Readonly<
    Record<string, { readonly data: Float64Array; readonly shape: readonly number[] }>
  >;
}

export type Kernel = (request: KernelRequest) => KernelAnswer;

export type KernelName = 'ctc' | 'ctc-tensorflow' | 'ctc-optax' | 'perceptual' | 'transport';

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
