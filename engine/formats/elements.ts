/** The elements of an array whose dtype is known only at its end: growable, exact for every double and every int64. */
import { allocate, type DType, type TypedArray } from '../array.ts';
import { roundToBfloat16, roundToFloat16, type SourceDType } from './dtypes.ts';

const smallestInt64 = -(2n ** 63n);
const largestInt64 = 2n ** 63n - 1n;

const ranges: Readonly<Partial<Record<SourceDType, readonly [number, number]>>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};

export class Elements {
  /** The first `length` are in use. */
  values = new Float64Array(256);
  length = 0;
  /** The first integer that no int64 holds: its index and where it stands in the text. */
  beyond: { readonly index: number; readonly offset: number } | undefined;
  /** Beside `values` once an integer is not a double: the integer itself there, 0n elsewhere. */
  #wide: BigInt64Array | undefined;

  /** Makes room for more; `values` is another array afterwards. */
  grow(): Float64Array<ArrayBuffer> {
    const values = new Float64Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
    if (this.#wide) {
      const wide = new BigInt64Array(values.length);
      wide.set(this.#wide);
      this.#wide = wide;
    }
    return values;
  }

  push(value: number): void {
    if (this.length === this.values.length) this.grow();
    this.values[this.length++] = value;
  }

  /** An integer of any size, which stands at `offset` in the text. */
  pushWide(value: bigint, offset: number): void {
    this.push(Number(value));
    const index = this.length - 1;
    if (value < smallestInt64 || value > largestInt64) {
      this.beyond ??= { index, offset };
    } else {
      this.#wide ??= new BigInt64Array(this.values.length);
      this.#wide[index] = value;
    }
  }

  /** Changes the last element's sign. */
  negateLast(): void {
    const last = this.length - 1;
    this.values[last] = -this.values[last]!;
    if (this.#wide) this.#wide[last] = -this.#wide[last]!;
  }

  /**
   * Turns the elements from `start` on into numbers that `dtype` holds: rounded, truncated towards zero for
   * integers, 0 or 1 for bool. Returns the index of the first that it cannot hold (an integer dtype and a number
   * outside its range, NaN or infinity), or -1.
   */
  convert(start: number, dtype: SourceDType, throughFloat32: boolean): number {
    const { values, length } = this;
    if (dtype === 'int64' || dtype === 'uint64') return this.#convertToInt64(start, dtype === 'uint64');
    const range = ranges[dtype];
    if (range) {
      for (let i = start; i < length; i++) {
        const value = Math.trunc(values[i]!);
        if (!(value >= range[0] && value <= range[1])) return i;
        values[i] = value;
      }
    } else if (dtype === 'bool') {
      for (let i = start; i < length; i++) values[i] = values[i] === 0 ? 0 : 1;
    } else if (dtype === 'float32') {
      for (let i = start; i < length; i++) values[i] = Math.fround(values[i]!);
    } else if (dtype === 'float16') {
      for (let i = start; i < length; i++) {
        values[i] = roundToFloat16(throughFloat32 ? Math.fround(values[i]!) : values[i]!);
      }
    } else if (dtype === 'bfloat16') {
      for (let i = start; i < length; i++) values[i] = roundToBfloat16(values[i]!);
    }
    this.#wide?.fill(0n, start, length);
    if (this.beyond && this.beyond.index >= start) this.beyond = undefined;
    return -1;
  }

  #convertToInt64(start: number, unsigned: boolean): number {
    const { values, length } = this;
    for (let i = start; i < length; i++) {
      if (this.beyond?.index === i) return i;
      if (this.#wide && this.#wide[i] !== 0n) {
        if (unsigned && this.#wide[i]! < 0n) return i;
        continue;
      }
      const value = Math.trunc(values[i]!);
      if (!(value >= (unsigned ? 0 : -(2 ** 63)) && value < 2 ** 63)) return i;
      values[i] = value;
    }
    return -1;
  }

  /** A copy of the elements, which `dtype` holds. */
  take(dtype: DType): TypedArray {
    const used = this.values.subarray(0, this.length);
    if (dtype === 'float64') return used.slice();
    if (dtype === 'int64') return this.#takeInt64();
    const data = allocate(dtype, this.length);
    data.set(used);
    return data;
  }

  #takeInt64(): BigInt64Array {
    const { values, length } = this;
    const data = new BigInt64Array(length);
    // As two halves, because a BigInt for each element takes ten times as long; every host of ours is little-endian.
    const halves = new Int32Array(data.buffer);
    for (let i = 0; i < length; i++) {
      const value = values[i]!;
      halves[2 * i] = value;
      halves[2 * i + 1] = Math.floor(value / 2 ** 32);
    }
    if (this.#wide) {
      for (let i = 0; i < length; i++) if (this.#wide[i] !== 0n) data[i] = this.#wide[i]!;
    }
    return data;
  }
}
