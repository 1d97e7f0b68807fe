/** Random inputs that keep away from the kinks of the losses, the same in every run. */
import { array, type NdArray, sizeOf } from '../../engine/array.ts';

/** mulberry32: uniform in [0, 1). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class RandomInputs {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = generator(seed);
  }

  #array(shape: readonly number[], draw: () => number): NdArray {
    return array(Float64Array.from({ length: sizeOf(shape) }, draw), { shape });
  }

  /** Multiples of 0.01 in (−2, 2), and `offset`: residuals of two offsets are no multiple of 0.01. */
  centred(shape: readonly number[], offset: number): NdArray {
    return this.#array(shape, () => Math.round((this.#next() * 4 - 2) * 100) / 100 + offset);
  }

  prediction(...shape: number[]): NdArray {
    return this.centred(shape, 0.0037);
  }

  /** In (−2, 2), on no grid: no two differ by a round margin. */
  scores(...shape: number[]): NdArray {
    return this.#array(shape, () => this.#next() * 4 - 2);
  }

  target(...shape: number[]): NdArray {
    return this.centred(shape, 0);
  }

  /** In (0.05, 0.95). */
  probability(...shape: number[]): NdArray {
    return this.#array(shape, () => 0.05 + 0.9 * this.#next());
  }

  weight(...shape: number[]): NdArray {
    return this.#array(shape, () => 0.2 + 2 * this.#next());
  }

  sign(...shape: number[]): NdArray {
    return this.#array(shape, () => (this.#next() < 0.5 ? -1 : 1));
  }

  labels(classes: number, ...shape: number[]): NdArray {
    const length = sizeOf(shape);
    return array(
      BigInt64Array.from({ length }, () => BigInt(Math.floor(this.#next() * classes))),
      { shape },
    );
  }

  /** Rows of class numbers, each row closed by −1 before its end or at it. */
  lists(classes: number, ...rows: number[]): NdArray {
    const { data, shape } = this.labels(classes, ...rows, classes);
    const labels = data as BigInt64Array;
    for (let row = 0; row < labels.length; row += classes) {
      labels[row + 1 + Math.floor(this.#next() * (classes - 1))] = -1n;
    }
    return array(labels, { shape });
  }

  /** Positive, and summing to 1 along `axis`. */
  distribution(shape: readonly number[], axis = shape.length - 1): NdArray {
    const { data } = this.#array(shape, () => 0.1 + this.#next());
    const values = data as Float64Array;
    const step = sizeOf(shape.slice(axis + 1));
    const extent = shape[axis]!;
    for (let i = 0; i < values.length; i++) {
      if (Math.floor(i / step) % extent !== 0) continue;
      let total = 0;
      for (let c = 0; c < extent; c++) total += values[i + c * step]!;
      for (let c = 0; c < extent; c++) values[i + c * step]! /= total;
    }
    return array(values, { shape });
  }

  logDistribution(shape: readonly number[], axis = shape.length - 1): NdArray {
    const { data } = this.distribution(shape, axis);
    return array((data as Float64Array).map(Math.log), { shape });
  }
}
