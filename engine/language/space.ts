/** The dimensions of a problem, each belonging to a named axis, and where an array's own dimensions lie among them. */
import type { TypedArray } from '../array.ts';
import type { Dims } from './expression.ts';

export interface Dimension {
  /** `batch`, `class`, `space` …; several dimensions may share one axis. */
  readonly axis: string;
  readonly size: number;
}

export class Space {
  readonly dimensions: readonly Dimension[];

  constructor(dimensions: readonly Dimension[]) {
    this.dimensions = dimensions;
  }

  get sizes(): readonly number[] {
    return this.dimensions.map((dimension) => dimension.size);
  }

  /** All dimensions of an axis; none if the space lacks it. */
  axis(name: string): Dims {
    return this.dimensions.reduce(
      (dims, dimension, d) => (dimension.axis === name ? dims | (1 << d) : dims),
      0,
    );
  }

  get all(): Dims {
    return (1 << this.dimensions.length) - 1;
  }

  /** The sizes of a set of dimensions, outermost first: the shape of an array over them. */
  shape(dims: Dims): number[] {
    return this.sizes.filter((_size, d) => dims & (1 << d));
  }
}

export interface PlacedArray {
  readonly data: TypedArray;
  /** Elements to step along each of the space's dimensions; 0 where the array is repeated. */
  readonly strides: readonly number[];
}

/**
 * Elements to step for one step along each of the space's dimensions; 0 where an array is repeated, and only there.
 * `at` names the space's dimension that each of the array's own lies along.
 */
export function stridesOf(shape: readonly number[], at: readonly number[], rank: number): number[] {
  const strides = new Array<number>(rank).fill(0);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[at[i]!] = step;
    step *= Math.max(1, shape[i]!);
  }
  return strides;
}

/** The row-major strides of an array over a set of dimensions. */
export function compactStrides(dims: Dims, sizes: readonly number[]): number[] {
  const strides = new Array<number>(sizes.length).fill(0);
  let step = 1;
  for (let d = sizes.length - 1; d >= 0; d--) {
    if (!(dims & (1 << d))) continue;
    strides[d] = step;
    step *= Math.max(1, sizes[d]!);
  }
  return strides;
}

export function countOf(dims: Dims, sizes: readonly number[]): number {
  return sizes.reduce((count, size, d) => (dims & (1 << d) ? count * size : count), 1);
}
