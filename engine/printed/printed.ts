/** What is known of an array that a program has printed. */
import { isFloat, type NdArray } from '../array.ts';
import { LossLensError } from '../errors.ts';

export interface PrintedArray {
  /** What the output, or the code that printed it, calls it. */
  readonly name?: string;
  /** Characters that it takes up; of a table's column, those of the table. */
  readonly length: number;
  /** Digits behind the point where floats are printed rounded to so many, as far as can be seen. */
  readonly decimals?: number;
  /** Of the last column that a table gives: those that it does not, and why. */
  readonly leftOut?: { readonly columns: readonly string[]; readonly refusal: LossLensError };
  /** Read once. @throws LossLensError that says why it is not all there, and how to get the whole */
  read(): NdArray;
}

/** An array's place in a text, before it has a name. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** The array, or why there is none. */
export function once(read: () => NdArray): () => NdArray {
  let outcome: NdArray | LossLensError | undefined;
  return () => {
    if (!outcome) {
      try {
        outcome = read();
      } catch (error) {
        if (!(error instanceof LossLensError)) throw error;
        outcome = error;
      }
    }
    if (outcome instanceof LossLensError) throw outcome;
    return outcome;
  };
}

/** Decimal digits that tell any two numbers of a dtype apart. */
const telling: Readonly<Record<string, number>> = { float64: 17, float32: 9, float16: 5, bfloat16: 4 };
/** Rows further down are printed as these are. */
const looked = 20_000;

/** The most digits behind a point in `text`, unless they are enough to be all there are. */
export function decimalsOf(
  text: string,
  { dtype, origin }: Pick<NdArray, 'dtype' | 'origin'>,
): number | undefined {
  if (!isFloat(dtype)) return undefined;
  let decimals = 0;
  let digits = 0;
  for (const [, whole, fraction] of text.slice(0, looked).matchAll(/(\d*)\.(\d+)/g)) {
    decimals = Math.max(decimals, fraction!.length);
    digits = Math.max(digits, `${whole}${fraction}`.replace(/^0+/, '').length);
  }
  return decimals === 0 || digits >= telling[origin ?? dtype]! ? undefined : decimals;
}
