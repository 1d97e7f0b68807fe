/** Rows of an array that is there, as a file would give them. */
import type { NdArray, TypedArray } from '../../../engine/array.ts';
import { sizeOf } from '../../../engine/array.ts';
import type { RowStream } from '../../../engine/formats/files/file-array.ts';

export function rowsOf(array: NdArray): RowStream {
  const [rows = 0, ...shape] = array.shape;
  const perRow = sizeOf(shape);
  let at = 0;
  return {
    rows,
    shape,
    dtype: array.dtype,
    async next(count) {
      const data = array.data.slice(at * perRow, (at + count) * perRow) as TypedArray;
      const taken = Math.min(count, rows - at);
      at += taken;
      return { ...array, shape: [taken, ...shape], data };
    },
    fraction: () => (rows === 0 ? 1 : at / rows),
  };
}
