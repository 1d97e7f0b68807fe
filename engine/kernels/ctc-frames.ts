/** What the lattices of TensorFlow and optax share: the scores of a frame, rounded as the library rounds them. */
import type { KernelArray } from './kernel.ts';

/** To the library's dtype: `Math.fround`, or nothing. */
export type Round = (x: number) => number;

export const exactly: Round = (x) => x;

/** Scores by sample, frame and class, of whichever layout. */
export interface Frames {
  readonly count: number;
  readonly frames: number;
  readonly classes: number;
  /** Where the scores of a frame begin. */
  at(n: number, t: number): number;
}

export function framesOf({ shape }: KernelArray, batchFirst: boolean): Frames {
  const [a, b, classes] = shape as [number, number, number];
  const [count, frames] = batchFirst ? [a, b] : [b, a];
  return {
    count,
    frames,
    classes,
    at: (n, t) => (batchFirst ? n * frames + t : t * count + n) * classes,
  };
}

/** x − max − log Σ exp(x − max): −∞ stays, +∞ and NaN make the frame NaN. */
export function logSoftmax(
  from: ArrayLike<number | bigint>,
  offset: number,
  into: Float64Array,
  to: number,
  classes: number,
  round: Round,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, Number(from[offset + c]));
  let total = 0;
  for (let c = 0; c < classes; c++) {
    into[to + c] = round(round(Number(from[offset + c])) - round(largest));
    total += round(Math.exp(into[to + c]!));
  }
  const shift = round(Math.log(round(total)));
  for (let c = 0; c < classes; c++) into[to + c] = round(into[to + c]! - shift);
}

/**
 * The log-probability that a frame emits a label, as a product with a one-hot row: a label outside the classes costs
 * nothing, and an infinity at any other class is multiplied by 0, which is NaN.
 */
export function emission(logP: Float64Array, first: number, classes: number, label: number): number {
  for (let c = 0; c < classes; c++) {
    if (c !== label && !Number.isFinite(logP[first + c])) return Number.NaN;
  }
  return label >= 0 && label < classes ? logP[first + label]! : 0;
}
