/** An array in a file: described when the file is opened, read when it is asked for. */
import type { NdArray, TypedArray } from '../../array.ts';

/** How a read that takes long is followed and stopped. */
export interface Reading {
  /** @param fraction  of the whole, 0 to 1 */
  report(fraction: number): void;
  readonly signal: AbortSignal;
}

export interface FileArray {
  /** The key or column that holds it; a file of one array has no name for it. */
  readonly name?: string;
  /** As the file calls it: `bfloat16`, `float8_e4m3fn` too. */
  readonly dtype: string;
  /** Sizes, outermost first; left out where only reading the whole file would tell. */
  readonly shape?: readonly number[];
  /** In the file, or in memory where the file is compressed. */
  readonly bytes: number;
  /** @throws LossLensError; the signal's reason once it is aborted. */
  load(reading?: Reading): Promise<NdArray>;
  /** Row by row from the first one on, where the file can be read so. */
  stream?(): Promise<RowStream>;
}

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
