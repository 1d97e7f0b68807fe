/** The engine's interface: what is asked of it and what it answers. */
import type { NdArray, TypedArray } from './array.ts';

export type Reduction = 'mean' | 'sum' | 'none' | 'batchmean';
export type BackendName = 'reference' | 'wasm' | 'webgpu';
export type ParameterValue = number | string | boolean | null;
export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface EvaluateRequest {
  /** A catalogue id (`huber`) or a framework symbol (`torch.nn.HuberLoss`). */
  readonly loss: string;
  /** By the loss's own input names, or by that symbol's argument names. */
  readonly inputs: Readonly<Record<string, NdArray>>;
  /** The loss's own, or that symbol's keyword names. */
  readonly parameters?: Parameters;
  /** For catalogue losses; a framework symbol takes its own `reduction` parameter. */
  readonly reduction?: Reduction;
  /** `true` for every floating-point input, or the names of those to differentiate by. */
  readonly gradients?: boolean | readonly string[];
  /** Also return each element's share of the numerator. */
  readonly elements?: boolean;
  readonly backend?: 'auto' | BackendName;
  readonly signal?: AbortSignal;
}

export interface PrepareRequest extends EvaluateRequest {
  /**
   * Elements and gradients are read a few at a time, through `Evaluation.resident`, and may stay where they are
   * computed: `gradients` and `elements` of the evaluation are missing then.
   */
  readonly resident?: boolean;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
}

export interface Evaluation {
  /** Shape `[]` when reduced. */
  readonly value: NdArray;
  /** Of the value; of its sum, when the value is not reduced. Each in its input's own shape. */
  readonly gradients: Readonly<Record<string, NdArray>>;
  /** value = numerator / denominator; NaN where the loss is no such quotient. */
  readonly numerator: number;
  readonly denominator: number;
  /** Each element's share of the numerator: they add up to it. */
  readonly elements?: NdArray;
  readonly warnings: readonly Warning[];
  /** Elements of the loss that are NaN or infinite, and the first of them (its index in `elements`' shape). */
  readonly nonFinite: { readonly count: number; readonly first?: readonly number[] };
  readonly extras: Readonly<Record<string, NdArray>>;
  /** When asked for. */
  readonly resident?: Resident;
  readonly backend: BackendName;
  /** What the kernels computed in. */
  readonly dtype: 'float32' | 'float64';
  /** Milliseconds. */
  readonly timing: { readonly compile: number; readonly transfer: number; readonly run: number };
}

/** The elements of the loss and the gradients, wherever they are, until the next `run` or `dispose`. */
export interface Resident {
  readonly elements: ResidentArray;
  readonly gradients: Readonly<Record<string, ResidentArray>>;
  /** Flat index of the largest finite element, and of the first that is NaN or infinite. */
  readonly largest?: number;
  readonly firstNonFinite?: number;
  /** What the loss's program computes on the way and names: distances, masks, terms. */
  readonly parts: readonly PartName[];
  /** One of them, computed now, with the parameters of the run. */
  part(name: PartName): Promise<NdArray>;
}

export type PartName =
  // Of triplets: the distances that are compared.
  | 'toPositive'
  | 'toNegative'
  // Of pairs: how far apart they are, or how alike; and 1 for a similar pair, 0 for a dissimilar one, −1 for none.
  | 'distance'
  | 'similarity'
  | 'similar'
  // Of images: the two masks that are laid over each other.
  | 'prediction'
  | 'target'
  // Of a discriminator's scores: the term of each, before the mean over its samples.
  | 'real'
  | 'fake';

export interface ResidentArray extends Omit<NdArray, 'data'> {
  /** The numbers at these flat indices. */
  take(indices: Uint32Array): Promise<TypedArray>;
  /** All of them; a view where they lie in memory. */
  whole(): Promise<TypedArray>;
}

export interface Prepared {
  /** Runs the kernels again, with other parameters if given. Gradients and extras are views, valid until the next `run` or `dispose`. */
  run(parameters?: Parameters): Promise<Evaluation>;
  dispose(): void;
}
