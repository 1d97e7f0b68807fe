/** Arrays row by row, so that they need not be held whole. */
import { type NdArray, sizeOf, type TypedArray } from '../array.ts';

/** Rows along the outermost dimension, in their order. */
export interface RowStream {
  /** How many, where that is known. */
  readonly rows?: number;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly dtype: NdArray['dtype'];
  /**
   * The next `count` rows; fewer at the end, none behind it.
   * @param into  room for them, of this dtype, which may be used and is then the answer's data
   */
  next(count: number, into?: TypedArray): Promise<NdArray>;
  /** Of the whole, 0 to 1. */
  fraction(): number;
}

/** Of an array that is there. */
export function rowsOf(array: NdArray): RowStream {
  const [rows = 0, ...shape] = array.shape;
  const perRow = sizeOf(shape);
  let at = 0;
  return {
    rows,
    shape,
    dtype: array.dtype,
    async next(count) {
      const taken = Math.min(count, rows - at);
      const data = array.data.subarray(at * perRow, (at + taken) * perRow) as TypedArray;
      at += taken;
      return { ...array, shape: [taken, ...shape], data };
    },
    fraction: () => (rows === 0 ? 1 : at / rows),
  };
}
