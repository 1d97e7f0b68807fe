/** What every backend is given and gives back. */
import type { NdArray, TypedArray } from '../array.ts';
import type { KernelPlan } from '../kernels/plan.ts';
import type { Expr } from '../language/expression.ts';
import type { PlacedArray } from '../language/space.ts';

/** A loss on given data: what to compute, over what. Expressions are simplified; numbers in `uniforms` come with each run. */
export interface Problem {
  readonly sizes: readonly number[];
  /** What the kernels compute in; inputs and uniforms are rounded to it first, on every backend. */
  readonly dtype: 'float32' | 'float64';
  readonly arrays: Readonly<Record<string, PlacedArray>>;
  readonly numerator: Expr;
  readonly denominator: Expr;
  /** Stored row-major over its own dimensions, if asked for. */
  readonly elements?: Expr;
  /** By input name; stored like that input. */
  readonly gradients: Readonly<Record<string, Expr>>;
  /** Further numbers to be computed, of which the value is not made. On the CPU alone. */
  readonly totals?: readonly Expr[];
  /** Elements and gradients may stay where they are computed: they are read a few at a time. */
  readonly resident?: boolean;
}

export type Uniforms = Readonly<Record<string, number>>;

/** Elements and gradients that were left where they were computed, until the next run. All of them are finite. */
export interface Resident {
  /** Numbers of an output, at places that count through it as it is stored. */
  take(output: 'elements' | `gradient:${string}`, places: Uint32Array): Promise<TypedArray>;
  whole(output: 'elements' | `gradient:${string}`): Promise<TypedArray>;
  /** Where the largest element is, the first of several. */
  readonly largest: number;
}

export interface Result {
  readonly numerator: number;
  readonly denominator: number;
  readonly totals?: readonly number[];
  /** Float32Array or Float64Array; views that the next run overwrites. */
  readonly elements?: TypedArray;
  readonly gradients: Readonly<Record<string, TypedArray>>;
  /** Instead of both, where the problem lets them stay. */
  readonly resident?: Resident;
  /** What a hand-written kernel gives besides (alignment, transport plan …). */
  readonly extras?: Readonly<Record<string, NdArray>>;
  readonly dtype: 'float32' | 'float64';
  readonly timing: { readonly compile: number; readonly transfer: number; readonly run: number };
  /** Who computed it, where that changes from run to run. */
  readonly backend?: Backend['name'];
}

export interface Execution {
  run(uniforms: Uniforms, signal?: AbortSignal): Promise<Result>;
  /** Where this input lies, if it is computed with as it is given: data put there need not be copied. */
  room?(input: string): TypedArray | undefined;
  dispose(): void;
}

export interface Backend {
  readonly name: 'reference' | 'wasm' | 'webgpu';
  /** @param previous  of a like problem, over other data: gives what it has to the new one, where that can use it */
  prepare(problem: Problem, previous?: Execution): Execution;
  /** Hand-written kernels, where the backend has them in a form of its own; elsewhere they run as plain code. */
  prepareKernel?(plan: KernelPlan): Execution;
}
