/**
 * Losses that the loss language does not hold (dynamic programs, sorting, optimisation) are kernels: plain code for
 * value and gradient behind one interface.
 */
import type { TypedArray } from '../array.ts';
import type { ParameterValue, Reduction } from '../evaluation.ts';
import type { Network } from '../networks/network.ts';

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

/** What a program returns that is no expression: a hand-written kernel and what it is given. */
export interface KernelBody {
  readonly kernel: KernelName;
  /** By the kernel's own input names. */
  readonly arrays: Readonly<Record<string, KernelArray>>;
  readonly facts: Readonly<Record<string, ParameterValue>>;
  /** For each input that has a gradient: the kernel's name for it. */
  readonly differentiable: Readonly<Record<string, string>>;
  readonly elementShape: readonly number[];
  /** What its inputs go through first. */
  readonly network?: KernelNetwork;
  /** Each element's factor in a mean (1 ÷ its target's length). */
  readonly scale?: Float64Array;
  readonly weighting?: Weighting;
  /** What a mean divides by, where that is not how many elements there are. */
  readonly denominator?: number;
  readonly reduction?: Reduction;
  /** What the kernel computes in: float64 unless given. */
  readonly dtype?: 'float32' | 'float64';
}

/** Weights that a library multiplies a kernel's values by before it reduces them, broadcast against them. */
export interface Weighting {
  readonly input: string;
  /** How many values the kernel gives. */
  readonly count: number;
  /** For each element of the loss: which value of the kernel it is, and which of the weights multiplies it. */
  readonly value: Int32Array;
  readonly weight: Int32Array;
  /** Whether the mean divides by the sum of the weights as they were given (0 by 0 is 0), not by how many elements there are. */
  readonly bySum: boolean;
}
