/** An array in a file: described when the file is opened, read when it is asked for. */
import type { NdArray } from '../../array.ts';
import type { RowStream } from '../../streaming/rows.ts';

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
