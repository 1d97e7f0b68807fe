/** The one interface behind which every place that arrays can be had from stands. */
import { isFloat, type NdArray } from '../../engine/array.ts';
import type { RowStream } from '../../engine/streaming/rows.ts';

/** An array that can be had: described now, loaded when it is chosen. What is not known before loading is left out. */
export interface ArrayOffer {
  /** The variable, key or column that holds it. */
  readonly name?: string;
  /** Where it is, in a few words: `line 12`, `output of cell 3`, `scores.npz`. */
  readonly from: string;
  /** As its source writes it: `bfloat16` too. */
  readonly dtype?: string;
  /** Sizes, outermost first. */
  readonly shape?: readonly number[];
  readonly bytes?: number;
  /** Whether every element is a whole number, where that is known. */
  readonly whole?: boolean;
  /** What to know of its numbers before they are trusted: `printed to 4 decimals`. */
  readonly note?: string;
  /** Why these may no longer be the numbers that its name stands for, or not all of them. */
  readonly doubt?: string;
  /** Stands for the name of an array that has none. */
  readonly preview?: string;
  /** @throws LossLensError that says what was found and what to do; the signal's reason once it is aborted. */
  load(loading: Loading): Promise<NdArray>;
  /** Row by row, where it can be had so: it may be larger than memory. */
  stream?(): Promise<RowStream>;
}

/** How a load that takes long is followed and stopped. */
export interface Loading {
  /** @param fraction  of the whole, 0 to 1 */
  report(fraction: number): void;
  readonly signal: AbortSignal;
}

/** A place that arrays can be had from, as a list of its own in the question. */
export interface ArraySource {
  /** Stands over its arrays: `In this file`, `Notebook outputs`, `Kernel variables`. */
  readonly title: string;
  /**
   * Where listing takes long or needs the user: the entry that stands in the question instead, such as
   * `From a file…`; its arrays are listed once it is chosen.
   */
  readonly behind?: { readonly label: string; readonly icon?: string };
  offers(): Promise<readonly ArrayOffer[]>;
}

/** An array that is there already. */
export function offerOf(array: NdArray, from: string, name?: string): ArrayOffer {
  const { data, dtype, origin, shape } = array;
  return {
    ...(name !== undefined && { name }),
    from,
    dtype: origin ?? dtype,
    shape,
    bytes: data.byteLength,
    whole: isWhole(array),
    preview: previewOf(array),
    load: async () => array,
  };
}

function previewOf({ data }: NdArray): string {
  const shown = Array.from({ length: Math.min(4, data.length) }, (_, index) => String(data[index]));
  return `[${shown.join(', ')}${data.length > shown.length ? ', …' : ''}]`;
}

function isWhole({ dtype, data }: NdArray): boolean {
  if (!isFloat(dtype)) return true;
  for (const value of data) if (!Number.isInteger(value)) return false;
  return true;
}
